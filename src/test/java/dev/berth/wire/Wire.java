package dev.berth.wire;

import dev.berth.driver.NodeDrivers;
import dev.berth.installation.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The ways between a controller and an agent; every test of the wire runs over each of them. */
enum Wire {
    IN_PROCESS,
    UNIX_SOCKET,
    MUTUAL_TLS;

    /** An endpoint that a test starts and ends, always at the same address. */
    static final class Link implements AutoCloseable {
        private final Transport here;
        private final Transport there;
        private @Nullable WireServer server;

        private Link(Transport here, Transport there) {
            this.here = here;
            this.there = there;
        }

        void serve(NodeDrivers drivers) {
            try {
                server = WireServer.start(here, drivers, CallHook.NONE, null);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Transport address() {
            return there;
        }

        @Override
        public void close() {
            if (server != null) {
                server.close();
            }
        }
    }

    Link link(Path directory) {
        return switch (this) {
            case IN_PROCESS -> {
                Transport same = new Transport.InProcess(UUID.randomUUID().toString());
                yield new Link(same, same);
            }
            case UNIX_SOCKET -> {
                Transport same = new Transport.Unix(directory.resolve("agent.sock"));
                yield new Link(same, same);
            }
            case MUTUAL_TLS -> {
                int port = FreePort.find();
                yield new Link(
                        new Transport.Tls("127.0.0.1", port, Trusted.AGENT),
                        new Transport.Tls("127.0.0.1", port, Trusted.CONTROLLER));
            }
        };
    }

    /** Made once: making keys takes a while. */
    static final class Trusted {
        static final Path DIRECTORY = temporary();
        static final Certificates AUTHORITY = Certificates.authority(DIRECTORY, "authority");
        static final Path AGENT = AUTHORITY.issue("agent");
        static final Path CONTROLLER = AUTHORITY.issue("controller");

        private Trusted() {}

        private static Path temporary() {
            try {
                Path directory = Files.createTempDirectory("berth-certificates");
                directory.toFile().deleteOnExit();
                return directory;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
