package dev.berth.driver.images;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

/** Arguments by which {@code curl} connects to addresses that were checked, whatever a URL's host is understood to be. */
public final class Pinned {
    /** No such host can exist (RFC 2606), so nothing but the given addresses answers to it. */
    private static final String HOST = "pinned.invalid";

    private Pinned() {}

    public static List<String> arguments(URI uri, List<InetAddress> addresses) {
        int port = uri.getPort() > 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
        String pinned = addresses.stream()
                .map(InetAddress::getHostAddress)
                .map(text -> text.contains(":") ? "[" + text + "]" : text)
                .collect(Collectors.joining(","));
        return List.of(
                "--proto",
                "=http,https",
                "--noproxy",
                "*",
                "--max-redirs",
                "0",
                "--connect-to",
                "::" + HOST + ":" + port,
                "--resolve",
                HOST + ":" + port + ":" + pinned);
    }

    /** The host of a URL as resolvers take it. */
    public static String host(URI uri) {
        String host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
