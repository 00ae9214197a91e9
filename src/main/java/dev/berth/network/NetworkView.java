package dev.berth.network;

import dev.berth.kernel.Cidr;
import dev.berth.kernel.Ipv4;
import java.util.UUID;

/**
 * A network as it is shown.
 *
 * @param used addresses that instances hold
 */
public record NetworkView(UUID id, UUID node, String name, Cidr subnet, Ipv4 gateway, String domain, long used) {
    static NetworkView of(Network network, long used) {
        return new NetworkView(
                network.id(),
                network.node(),
                network.name(),
                network.subnet(),
                network.gateway(),
                network.domain(),
                used);
    }
}
