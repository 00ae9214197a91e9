package dev.berth.driver.images;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Which addresses a download may contact: none of the own host, the own network or a cloud's metadata service. */
final class AddressRules {
    private AddressRules() {}

    /**
     * Resolves a host once and checks what came out; whoever connects has to use that very address.
     *
     * @throws BerthException ADDRESS_REFUSED, or INVALID_ARGUMENT when the name cannot be resolved
     */
    static InetAddress resolve(String host, boolean allowPrivate) {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw BerthException.of(ErrorCode.INVALID_ARGUMENT, "The host '" + host + "' cannot be found.", e);
        }
        if (!allowPrivate) {
            for (InetAddress address : addresses) {
                if (!isPublic(address)) {
                    throw BerthException.of(
                            ErrorCode.ADDRESS_REFUSED,
                            "The host '" + host
                                    + "' is at a private or reserved address; an admin may allow such downloads"
                                    + " with berth.image.allow-private-addresses.");
                }
            }
        }
        return addresses[0];
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
                || (a == 198 && (b == 18 || b == 19))
                || (a == 198 && b == 51 && c == 100)
                || (a == 203 && b == 0 && c == 113);
        return !reserved;
    }

    /** Only global unicast, and none that carries an IPv4 address inside (mapped, NAT64, 6to4, Teredo). */
    private static boolean isPublic6(Inet6Address address, byte[] bytes) {
        int first = (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
        int second = (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
        boolean global = (first & 0xe000) == 0x2000;
        boolean carriesIpv4 = first == 0x2002 || (first == 0x2001 && second == 0) || address.isIPv4CompatibleAddress();
        boolean documentation = first == 0x2001 && second == 0xdb8;
        return global && !carriesIpv4 && !documentation;
    }
}
