package dev.berth.driver.libvirt;

import dev.berth.ffi.LinuxException;
import dev.berth.ffi.Pidfd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The DHCP and DNS servers that libvirt runs, one for each network. */
final class Dnsmasq {
    private static final System.Logger LOG = System.getLogger(Dnsmasq.class.getName());
    private static final int HANGUP = 1;

    private final Path pidFiles;

    Dnsmasq(Path pidFiles) {
        this.pidFiles = pidFiles;
    }

    /** Makes a network's server read its files anew; one that does not run reads them when it starts. */
    void reload(String network) {
        try {
            long pid = Long.parseLong(
                    Files.readString(pidFiles.resolve(network + ".pid")).strip());
            try (Pidfd process = Pidfd.open(pid)) {
                if (Files.readString(Path.of("/proc/" + pid + "/cmdline")).contains("/" + network + ".conf")) {
                    process.send(HANGUP);
                }
            }
        } catch (IOException | NumberFormatException | LinuxException e) {
            LOG.log(System.Logger.Level.DEBUG, "the network " + network + " has no server", e);
        }
    }
}
