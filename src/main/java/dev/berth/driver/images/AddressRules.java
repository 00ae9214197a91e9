package dev.berth.driver.images;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Which addresses a download may contact: none of the own host, the own network or a cloud's metadata service. */
public final class AddressRules {
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0[xX][0-9a-fA-F]*");
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern QUAD = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");

    private final Resolver resolver;
    private final Predicate<InetAddress> allowed;

    AddressRules(Resolver resolver, Predicate<InetAddress> allowed) {
        this.resolver = resolver;
        this.allowed = allowed;
    }

    /** The rules for downloads, with the host's own resolver. */
    public static AddressRules of(boolean allowPrivate) {
        return new AddressRules(
                host -> List.of(InetAddress.getAllByName(host)), address -> allowPrivate || isPublic(address));
    }

    /** Finds the addresses of a host. */
    @FunctionalInterface
    interface Resolver {
        List<InetAddress> resolve(String host) throws UnknownHostException;
    }

    /**
     * Resolves a host once and checks what came out; whoever connects has to use those very addresses.
     *
     * @throws BerthException ADDRESS_REFUSED, or INVALID_ARGUMENT when the name cannot be resolved
     */
    public List<InetAddress> resolve(String host) {
        if (isOddNumber(host)) {
            throw BerthException.of(
                    ErrorCode.ADDRESS_REFUSED,
                    "The host '" + host
                            + "' is a number that programs understand differently; write 192.0.2.1 or a name.");
        }
        List<InetAddress> addresses;
        try {
            addresses = resolver.resolve(host);
        } catch (UnknownHostException e) {
            throw BerthException.of(ErrorCode.INVALID_ARGUMENT, "The host '" + host + "' cannot be found.", e);
        }
        if (!addresses.stream().allMatch(allowed)) {
            throw BerthException.of(
                    ErrorCode.ADDRESS_REFUSED,
                    "The host '" + host
                            + "' is at a private or reserved address; an admin may allow such downloads"
                            + " with berth.image.allow-private-addresses.");
        }
        return addresses;
    }

    /** Decimal, octal, hexadecimal and short forms of IPv4 addresses: whatever ends in a number but is no dotted quad. */
    private static boolean isOddNumber(String host) {
        String last = host.replaceFirst("\\.$", "").replaceFirst("^.*\\.", "");
        return !host.contains(":")
                && NUMBER.matcher(last).matches()
                && !QUAD.matcher(host).matches();
    }

    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? isPublic4(bytes, 0) : isPublic6((Inet6Address) address, bytes);
    }

    private static boolean isPublic4(byte[] bytes, int at) {
        int a = bytes[at] & 0xff;
        int b = bytes[at + 1] & 0xff;
        int c = bytes[at + 2] & 0xff;
        boolean reserved = a == 0
                || a == 10
                || a == 127
                || a >= 224
                || (a == 100 && b >= 64 && b <= 127)
                || (a == 169 && b == 254)
                || (a == 172 && b >= 16 && b <= 31)
                || (a == 192 && b == 168)
                || (a == 192 && b == 0 && (c == 0 || c == 2))
                || (a == 192 && b == 88 && c == 99)
                || (a == 198 && (b == 18 || b == 19))
                || (a == 198 && b == 51 && c == 100)
                || (a == 203 && b == 0 && c == 113);
        return !reserved;
    }

    /** Only global unicast, and none that carries an IPv4 address inside (mapped, NAT64, 6to4), nor one of a protocol (Teredo, ORCHID). */
    private static boolean isPublic6(Inet6Address address, byte[] bytes) {
        int first = (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
        int second = (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
        boolean global = (first & 0xe000) == 0x2000;
        boolean carriesIpv4 = first == 0x2002 || address.isIPv4CompatibleAddress();
        boolean special = first == 0x2001 && second < 0x200;
        boolean documentation = (first == 0x2001 && second == 0xdb8) || (first == 0x3fff && second < 0x1000);
        return global && !carriesIpv4 && !special && !documentation;
    }
}
