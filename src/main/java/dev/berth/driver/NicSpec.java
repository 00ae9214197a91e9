package dev.berth.driver;

import dev.berth.kernel.Ipv4;
import dev.berth.kernel.MacAddress;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One network interface of an instance.
 *
 * @param network name of the network on the node
 * @param address the address that the network's DHCP server gives it, or null where the network has none
 */
public record NicSpec(
        UUID id, String network, MacAddress mac, @Nullable Ipv4 address, Model model) {
    /** What the guest sees. */
    public enum Model {
        VIRTIO,
        E1000E
    }
}
