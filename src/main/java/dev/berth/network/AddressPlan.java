package dev.berth.network;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.Cidr;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Ipv4;
import java.util.Optional;
import java.util.Set;

/** Finds a free address in a subnet: the lowest after the first ten, which stay free for what people set up by hand. */
final class AddressPlan {
    private static final int KEPT_FREE = 10;

    private AddressPlan() {}

    static Ipv4 free(Cidr subnet, Ipv4 gateway, Set<Ipv4> taken) {
        return find(subnet, gateway, taken).orElseThrow(() -> BerthException.of(
                        ErrorCode.NO_CAPACITY,
                        "The network " + subnet + " has no free address; remove instances or use another network.")
                .with("network", subnet.toString()));
    }

    /** Empty when all are taken. */
    static Optional<Ipv4> find(Cidr subnet, Ipv4 gateway, Set<Ipv4> taken) {
        for (long offset = KEPT_FREE; offset < subnet.size() - 1; offset++) {
            Ipv4 address = subnet.at(offset);
            if (!address.equals(gateway) && !taken.contains(address)) {
                return Optional.of(address);
            }
        }
        return Optional.empty();
    }
}
