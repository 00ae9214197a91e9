package dev.berth.driver.nft;

import dev.berth.kernel.Ipv4;
import java.util.HexFormat;

/** Ethernet frames in hexadecimal; each carries a text by which it is found again. */
final class Frames {
    static final String EVERYONE = "ffffffffffff";

    private Frames() {}

    static String marker(String text) {
        return HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    static String ethernet(String to, String from, int type, String payload) {
        String frame = to + from + hex(type, 2) + payload;
        return frame + "00".repeat(Math.max(0, 60 - frame.length() / 2));
    }

    /** IPv4 with UDP; checksums do not matter to a bridge that does not route it. */
    static String udp(String to, String from, Ipv4 source, Ipv4 target, int sourcePort, int targetPort, String text) {
        int length = 8 + text.length();
        String header = "4500" + hex(20 + length, 2) + "00000000" + "40110000" + hex(source) + hex(target);
        String checked = header.substring(0, 20) + hex(checksum(header), 2) + header.substring(24);
        return ethernet(
                to,
                from,
                0x0800,
                checked + hex(sourcePort, 2) + hex(targetPort, 2) + hex(length, 2) + "0000" + marker(text));
    }

    private static int checksum(String header) {
        int sum = 0;
        for (int i = 0; i < header.length(); i += 4) {
            sum += Integer.parseInt(header.substring(i, i + 4), 16);
        }
        return ~((sum >> 16) + (sum & 0xffff)) & 0xffff;
    }

    /** An announcement: "this address is at this MAC". */
    static String arp(String from, String sender, Ipv4 address, String text) {
        return ethernet(
                EVERYONE,
                from,
                0x0806,
                "0001080006040002" + sender + hex(address) + EVERYONE + hex(address) + marker(text));
    }

    /** An ICMPv6 message of a type: 134 is a router advertisement, 136 a neighbour advertisement. */
    static String icmp6(String from, int type, String text) {
        return ethernet(
                "333300000001",
                from,
                0x86dd,
                "60000000" + hex(8 + text.length(), 2) + "3aff" + "fe80" + "00".repeat(13) + "01" + "ff02"
                        + "00".repeat(13) + "01" + hex(type, 1) + "00".repeat(7) + marker(text));
    }

    private static String hex(int value, int bytes) {
        return HexFormat.of().toHexDigits(value, bytes * 2);
    }

    private static String hex(Ipv4 address) {
        return HexFormat.of().toHexDigits(address.bits(), 8);
    }
}
