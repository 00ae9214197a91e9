package dev.berth.network;

import dev.berth.kernel.Cidr;
import dev.berth.kernel.Ipv4;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The order in which a subnet's addresses are given out: one after another from the eleventh on, round and round. The first ten
 * stay free for what people set up by hand.
 *
 * @param gateway is never given out
 */
record AddressPlan(Cidr subnet, Ipv4 gateway) {
    private static final int KEPT_FREE = 10;

    /** How many turns there are in a round; the last address of a subnet is for broadcasts. */
    long turns() {
        return Math.max(0, subnet.size() - 1 - KEPT_FREE);
    }

    /** The addresses of some turns, which may be of any round. */
    List<Ipv4> at(long first, long count) {
        return LongStream.range(first, first + count)
                .mapToObj(turn -> subnet.at(KEPT_FREE + turn % turns()))
                .filter(address -> !address.equals(gateway))
                .toList();
    }

    /** The turn of an address in the first round; below 0 for those that have none. */
    long turnOf(Ipv4 address) {
        return address.bits() - subnet.network().bits() - KEPT_FREE;
    }
}
