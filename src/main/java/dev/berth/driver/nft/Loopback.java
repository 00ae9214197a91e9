package dev.berth.driver.nft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether packets from 127.0.0.1 may leave through a bridge, which a published port needs that is called by the node's own
 * {@code localhost}. Rules that drop such addresses on the wire are in place before it is allowed.
 */
final class Loopback {
    private static final Path SETTINGS = Path.of("/proc/sys/net/ipv4/conf");

    private Loopback() {}

    /** Allows it, if the bridge exists. */
    static void allow(String bridge) {
        Path setting = SETTINGS.resolve(bridge).resolve("route_localnet");
        try {
            if (Files.exists(setting) && !Files.readString(setting).startsWith("1")) {
                Files.writeString(setting, "1");
            }
        } catch (IOException e) {
            System.getLogger(Loopback.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "published ports do not answer on localhost: cannot write " + setting + ": "
                                    + e.getMessage());
        }
    }
}
