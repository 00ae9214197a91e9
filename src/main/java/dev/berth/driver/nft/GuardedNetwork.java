package dev.berth.driver.nft;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.Cidr;
import dev.berth.kernel.ErrorCode;

/** A bridge of the node whose subnet reaches the world through the node's address. */
public record GuardedNetwork(String bridge, Cidr subnet) {
    public GuardedNetwork {
        if (!GuardedPort.INTERFACE.matcher(bridge).matches()) {
            throw BerthException.of(ErrorCode.INVALID_ARGUMENT, "A bridge has a name of 1 to 15 plain characters.");
        }
    }
}
