package dev.berth.kernel;

/** An IPv4 network: its first address and a prefix length from 8 to 30; host bits must be zero. */
public record Cidr(Ipv4 network, int prefix) {
    public Cidr {
        if (prefix < 8 || prefix > 30) {
            throw BerthException.of(ErrorCode.INVALID_ARGUMENT, "A subnet's prefix length is from 8 to 30.");
        }
        if ((network.bits() & ((1L << (32 - prefix)) - 1)) != 0) {
            throw BerthException.of(
                    ErrorCode.INVALID_ARGUMENT, "The host bits of " + network + "/" + prefix + " must be zero.");
        }
    }

    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || text.length() > 18 || !text.substring(slash + 1).matches("\\d{1,2}")) {
            throw BerthException.of(ErrorCode.INVALID_ARGUMENT, "A subnet looks like 10.66.0.0/24.");
        }
        return new Cidr(new Ipv4(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    /** The number of addresses, network and broadcast address included. */
    public long size() {
        return 1L << (32 - prefix);
    }

    /** The address at an offset; 0 is the network address itself. */
    public Ipv4 at(long offset) {
        if (offset < 0 || offset >= size()) {
            throw new IndexOutOfBoundsException("offset " + offset + " in " + this);
        }
        return Ipv4.ofBits(network.bits() + offset);
    }

    public boolean contains(Ipv4 address) {
        long offset = address.bits() - network.bits();
        return offset >= 0 && offset < size();
    }

    public String netmask() {
        return Ipv4.ofBits(0xFFFFFFFFL << (32 - prefix) & 0xFFFFFFFFL).value();
    }

    @Override
    public String toString() {
        return network + "/" + prefix;
    }
}
