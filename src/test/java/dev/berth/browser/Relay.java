package dev.berth.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The way between a browser and the controller, which can be cut. */
final class Relay implements AutoCloseable {
    private final ServerSocket door;
    private final URI target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    Relay(URI target) {
        this.target = target;
        try {
            door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("relay").start(this::accept);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + door.getLocalPort());
    }

    /** Breaks all connections; new ones break, too, until it is mended. */
    void cut() {
        cut = true;
        open.forEach(Relay::shut);
    }

    void mend() {
        cut = false;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket caller = door.accept();
                if (cut) {
                    shut(caller);
                } else {
                    join(caller);
                }
            } catch (IOException e) {
                // The door was closed, or the controller is away, which the browser sees.
                continue;
            }
        }
    }

    private void join(Socket caller) throws IOException {
        open.add(caller);
        try {
            Socket called = new Socket(target.getHost(), target.getPort());
            open.add(called);
            Thread.ofVirtual().start(() -> copy(caller, called));
            Thread.ofVirtual().start(() -> copy(called, caller));
        } catch (IOException e) {
            shut(caller);
            throw e;
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] piece = new byte[8192];
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                out.write(piece, 0, count);
            }
        } catch (IOException e) {
            // One side has gone; so does the other.
            return;
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static void shut(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.forEach(Relay::shut);
    }
}
