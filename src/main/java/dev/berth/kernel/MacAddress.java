package dev.berth.kernel;

import java.security.SecureRandom;
import java.util.Locale;
import java.util.regex.Pattern;

/** A unicast Ethernet address in lower case, colon-separated form. */
public record MacAddress(String value) {
    private static final Pattern SYNTAX = Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}");
    private static final SecureRandom RANDOM = new SecureRandom();

    public MacAddress {
        value = value.length() == 17 ? value.toLowerCase(Locale.ROOT) : value;
        if (!SYNTAX.matcher(value).matches() || (Integer.parseInt(value.substring(0, 2), 16) & 1) != 0) {
            throw BerthException.of(
                    ErrorCode.INVALID_ARGUMENT,
                    "A MAC address is six unicast hexadecimal bytes such as 52:54:00:12:34:56.");
        }
    }

    /** A random address under the prefix that QEMU and libvirt use for guests. */
    public static MacAddress random() {
        return new MacAddress(String.format(
                Locale.ROOT, "52:54:00:%02x:%02x:%02x", RANDOM.nextInt(256), RANDOM.nextInt(256), RANDOM.nextInt(256)));
    }

    @Override
    public String toString() {
        return value;
    }
}
