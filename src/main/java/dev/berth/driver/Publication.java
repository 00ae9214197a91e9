package dev.berth.driver;

import dev.berth.kernel.Ipv4;
import org.jspecify.annotations.Nullable;

/**
 * A published port: what arrives at the node's port goes to the instance's.
 *
 * @param hostAddress address of the node that it holds for, or null for all of them
 * @param host port of the node, 1 to 65535
 * @param instance port of the instance
 */
public record Publication(Protocol protocol, @Nullable Ipv4 hostAddress, int host, int instance) {
    /** Transport protocol. */
    public enum Protocol {
        TCP,
        UDP
    }
}
