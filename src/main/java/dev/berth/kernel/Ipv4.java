package dev.berth.kernel;

/** An IPv4 address in dotted decimal form; leading zeros are refused because readers disagree on their base. */
public record Ipv4(String value) implements Comparable<Ipv4> {
    public Ipv4 {
        if (value.length() > 15 || parse(value) < 0) {
            throw BerthException.of(
                    ErrorCode.INVALID_ARGUMENT, "An IPv4 address is four numbers from 0 to 255, such as 10.66.0.10.");
        }
    }

    public static Ipv4 ofBits(long bits) {
        return new Ipv4((bits >> 24 & 255) + "." + (bits >> 16 & 255) + "." + (bits >> 8 & 255) + "." + (bits & 255));
    }

    /** The address as an unsigned 32-bit number. */
    public long bits() {
        return parse(value);
    }

    /** The bits, or -1 for what is no address. By hand, because fleets are read and compared in thousands. */
    private static long parse(String text) {
        long bits = 0;
        int octet = -1;
        int octets = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '.';
            if (c == '.' && octet >= 0) {
                bits = bits << 8 | octet;
                octet = -1;
                octets++;
            } else if (c >= '0' && c <= '9' && octet != 0) {
                octet = Math.max(octet, 0) * 10 + c - '0';
            } else {
                return -1;
            }
            if (octet > 255) {
                return -1;
            }
        }
        return octets == 4 ? bits : -1;
    }

    @Override
    public int compareTo(Ipv4 other) {
        return Long.compare(bits(), other.bits());
    }

    @Override
    public String toString() {
        return value;
    }
}
