package dev.berth.driver.libvirt;

import dev.berth.driver.ConsoleOutput;
import dev.berth.driver.ConsoleStream;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Threads;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A unix socket of QEMU, shared by any number of clients: what it says goes to all, what each writes goes in. It closes with
 * its last client. QEMU itself serves one connection of a serial port at a time, therefore the sharing.
 */
final class SocketConsole {
    private static final int BUFFER = 16 * 1024;

    private final SocketChannel channel;
    private final Runnable closed;
    private final Set<ConsoleClient> clients = ConcurrentHashMap.newKeySet();
    private boolean open = true;
    private boolean reading;

    private SocketConsole(SocketChannel channel, Runnable closed) {
        this.channel = channel;
        this.closed = closed;
    }

    static SocketConsole connect(Path socket, Runnable closed) {
        try {
            return new SocketConsole(SocketChannel.open(UnixDomainSocketAddress.of(socket)), closed);
        } catch (IOException e) {
            throw BerthException.of(
                    ErrorCode.WRONG_STATE, "The console is not there; is the instance still running?", e);
        }
    }

    /** Adds a client; null when the console has ended in the meantime. */
    synchronized @Nullable ConsoleStream join(ConsoleOutput output) {
        if (!open) {
            return null;
        }
        ConsoleClient client = new ConsoleClient(output);
        clients.add(client);
        if (!reading) {
            // Not before somebody listens: a display greets first, and says so only once.
            reading = true;
            Threads.daemons("console-reader").newThread(this::read).start();
        }
        return new ConsoleStream() {
            @Override
            public void write(byte[] data) {
                send(data);
            }

            @Override
            public void resize(int columns, int rows) {
                // A serial line has no size, and VNC clients set theirs within the stream.
            }

            @Override
            public void close() {
                leave(client, null);
            }
        };
    }

    private void send(byte[] data) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(data);
            // Two clients may type at once; each piece goes in whole.
            synchronized (channel) {
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
        } catch (IOException e) {
            throw BerthException.of(ErrorCode.WRONG_STATE, "The console has ended.", e);
        }
    }

    private void read() {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        try {
            while (channel.read(buffer) >= 0) {
                byte[] data = Arrays.copyOf(buffer.array(), buffer.position());
                buffer.clear();
                for (ConsoleClient client : clients) {
                    if (!client.offer(data)) {
                        leave(client, "this reader was too slow");
                    }
                }
            }
        } catch (IOException e) {
            System.getLogger(SocketConsole.class.getName()).log(System.Logger.Level.DEBUG, "console ended", e);
        }
        end();
    }

    private void leave(ConsoleClient client, @Nullable String reason) {
        client.end(reason);
        boolean last;
        synchronized (this) {
            last = clients.remove(client) && clients.isEmpty();
        }
        if (last) {
            end();
        }
    }

    /** Ends it for all clients. */
    void end() {
        synchronized (this) {
            if (!open) {
                return;
            }
            open = false;
        }
        closed.run();
        try {
            channel.close();
        } catch (IOException e) {
            System.getLogger(SocketConsole.class.getName()).log(System.Logger.Level.DEBUG, "closing a console", e);
        }
        clients.forEach(client -> client.end(null));
        clients.clear();
    }
}
