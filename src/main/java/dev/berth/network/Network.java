package dev.berth.network;

import dev.berth.driver.NetworkSpec;
import dev.berth.kernel.Cidr;
import dev.berth.kernel.Ipv4;
import java.util.UUID;

/** A virtual network of a node. */
public record Network(UUID id, UUID node, String name, Cidr subnet, Ipv4 gateway, String domain) {
    NetworkSpec spec() {
        return new NetworkSpec(id, name, subnet, gateway, domain);
    }
}
