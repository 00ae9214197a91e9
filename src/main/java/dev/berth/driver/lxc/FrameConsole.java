package dev.berth.driver.lxc;

import dev.berth.driver.ConsoleOutput;
import dev.berth.driver.ConsoleStream;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Threads;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A console over frames: what is typed goes in as stdin, stdout and stderr come out. */
final class FrameConsole implements ConsoleStream {
    private static final int PIECE = 32 * 1024;

    private final Link link;
    private final ConsoleOutput output;
    private final boolean tellsExit;
    private final AtomicBoolean open = new AtomicBoolean(true);

    /** Where frames go and come from; closing it ends both directions. */
    interface Link extends AutoCloseable {
        InputStream in();

        OutputStream out();

        @Override
        void close();
    }

    private FrameConsole(Link link, ConsoleOutput output, boolean tellsExit) {
        this.link = link;
        this.output = output;
        this.tellsExit = tellsExit;
    }

    /**
     * Begins to read.
     *
     * @param tellsExit whether the end says {@code exit N}
     */
    static FrameConsole open(Link link, ConsoleOutput output, boolean tellsExit) {
        FrameConsole console = new FrameConsole(link, output, tellsExit);
        Threads.daemons("container-console").newThread(console::read).start();
        return console;
    }

    private void read() {
        String reason = null;
        try {
            for (Optional<Frame> next = Frame.read(link.in()); next.isPresent(); next = Frame.read(link.in())) {
                Frame frame = next.get();
                if (frame.type() == Frame.STDOUT || frame.type() == Frame.STDERR) {
                    output.data(frame.data());
                } else if (frame.type() == Frame.EXIT) {
                    reason = exit(frame);
                    break;
                }
            }
        } catch (IOException | RuntimeException e) {
            System.getLogger(FrameConsole.class.getName()).log(System.Logger.Level.DEBUG, "a console ended", e);
        }
        open.set(false);
        link.close();
        output.closed(reason);
    }

    private @Nullable String exit(Frame frame) {
        return tellsExit
                ? RunExit.parse(new String(frame.data(), StandardCharsets.UTF_8))
                        .map(exit -> "exit " + exit.exitCode())
                        .orElse(null)
                : null;
    }

    @Override
    public void write(byte[] data) {
        for (int from = 0; from < data.length; from += PIECE) {
            send(new Frame(Frame.STDIN, Arrays.copyOfRange(data, from, Math.min(data.length, from + PIECE))));
        }
    }

    @Override
    public void resize(int columns, int rows) {
        send(Frame.size(columns, rows));
    }

    private synchronized void send(Frame frame) {
        try {
            link.out().write(frame.bytes());
            link.out().flush();
        } catch (IOException e) {
            throw BerthException.of(ErrorCode.WRONG_STATE, "The console has ended.", e);
        }
    }

    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            link.close();
        }
    }
}
