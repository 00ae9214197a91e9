package dev.berth.driver.lxc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A connection to a supervisor or to {@code berth-launch}. The JDK's own streams of a channel keep writers out while a reader waits. */
record SocketLink(SocketChannel channel) implements AutoCloseable {
    /** A time limit; closing it lifts it. */
    interface Deadline extends AutoCloseable {
        @Override
        void close();
    }

    /** Closes the connection if that much time passes before the limit is lifted. */
    Deadline closeAfter(Duration longest) {
        CompletableFuture<Boolean> lifted = new CompletableFuture<>();
        lifted.completeOnTimeout(false, longest.toMillis(), TimeUnit.MILLISECONDS)
                .thenAccept(early -> {
                    if (!early) {
                        close();
                    }
                });
        return () -> lifted.complete(true);
    }

    InputStream in() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return length == 0 ? 0 : channel.read(ByteBuffer.wrap(bytes, offset, length));
            }
        };
    }

    void send(Frame frame) throws IOException {
        out().write(frame.bytes());
    }

    /** Sends all that a process is to read. It may end without reading it, and has answered then. */
    void sendStdin(byte[] data) {
        try {
            for (Frame piece : Frame.stdin(data)) {
                send(piece);
            }
            send(new Frame(Frame.END_OF_STDIN, new byte[0]));
        } catch (IOException e) {
            System.getLogger(SocketLink.class.getName()).log(System.Logger.Level.DEBUG, "stdin was left", e);
        }
    }

    private OutputStream out() {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
        };
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            System.getLogger(SocketLink.class.getName()).log(System.Logger.Level.DEBUG, "closing a console", e);
        }
    }
}
