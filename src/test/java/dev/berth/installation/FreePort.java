package dev.berth.installation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for programs that are told where to listen. */
public final class FreePort {
    /** Below those that Linux gives to connections that name none, by which a port could be gone before it is listened at. */
    private static final int FIRST = 15_000;

    private static final int END = 32_000;

    private FreePort() {}

    /** A port at which nobody listens now. */
    public static int find() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // Somebody else's: another one, then.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
