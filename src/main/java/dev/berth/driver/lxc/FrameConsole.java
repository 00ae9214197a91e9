package dev.berth.driver.lxc;

import dev.berth.driver.ConsoleOutput;
import dev.berth.driver.ConsoleStream;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Threads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A console over frames: what is typed goes in as stdin, stdout and stderr come out. */
final class FrameConsole implements ConsoleStream {
    private final SocketLink link;
    private final ConsoleOutput output;
    private final boolean tellsExit;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private FrameConsole(SocketLink link, ConsoleOutput output, boolean tellsExit) {
        this.link = link;
        this.output = output;
        this.tellsExit = tellsExit;
    }

    /**
     * Begins to read.
     *
     * @param tellsExit whether the end says {@code exit N}
     */
    static FrameConsole open(SocketLink link, ConsoleOutput output, boolean tellsExit) {
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
        Frame.stdin(data).forEach(this::send);
    }

    @Override
    public void resize(int columns, int rows) {
        send(Frame.size(columns, rows));
    }

    private synchronized void send(Frame frame) {
        try {
            link.send(frame);
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
