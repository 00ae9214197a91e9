package dev.berth.kernel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An IPv4 address in dotted decimal form; leading zeros are refused because readers disagree on their base. */
public record Ipv4(String value) implements Comparable<Ipv4> {
    private static final Pattern SYNTAX = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");

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

    private static long parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            return -1;
        }
        long bits = 0;
        for (int group = 1; group <= 4; group++) {
            String part = matcher.group(group);
            int octet = Integer.parseInt(part);
            if (octet > 255 || (part.length() > 1 && part.charAt(0) == '0')) {
                return -1;
            }
            bits = bits << 8 | octet;
        }
        return bits;
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
