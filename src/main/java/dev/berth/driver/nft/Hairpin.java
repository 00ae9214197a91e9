package dev.berth.driver.nft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether a bridge sends a frame back into the port that it came from. An instance that calls its own published port needs
 * it on hosts where bridged packets pass the filter of IPv4 (Docker and Kubernetes turn that on): the kernel then translates the
 * address in the bridge, without the way through the node.
 */
final class Hairpin {
    private static final Path INTERFACES = Path.of("/sys/class/net");

    private Hairpin() {}

    /** Allows it, if the port exists. */
    static void allow(GuardedPort port) {
        Path setting = INTERFACES.resolve(port.hostInterface()).resolve("brport/hairpin_mode");
        try {
            if (Files.exists(setting)) {
                Files.writeString(setting, "1");
            }
        } catch (IOException e) {
            // The interface went away; its next one is asked again.
            System.getLogger(Hairpin.class.getName()).log(System.Logger.Level.DEBUG, e.getMessage());
        }
    }
}
