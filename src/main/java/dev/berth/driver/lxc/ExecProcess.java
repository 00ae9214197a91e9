package dev.berth.driver.lxc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A running {@code berth-launch exec}; closing it kills what it executes. */
final class ExecProcess implements FrameConsole.Link {
    /** What the program may take to end after it was told to kill its process. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Process process;
    private final OutputStream out;

    private ExecProcess(Process process) {
        this.process = process;
        this.out = process.getOutputStream();
    }

    static ExecProcess begin(Process process, Plan plan) throws IOException {
        ExecProcess exec = new ExecProcess(process);
        exec.send(new Frame(Frame.PLAN, plan.bytes()));
        return exec;
    }

    void send(Frame frame) throws IOException {
        out.write(frame.bytes());
        out.flush();
    }

    @Override
    public InputStream in() {
        return process.getInputStream();
    }

    @Override
    public OutputStream out() {
        return out;
    }

    /** What it says when it cannot do its work. */
    String complaint() {
        try {
            return new String(process.getErrorStream().readNBytes(1024), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        if (!process.isAlive()) {
            return;
        }
        try {
            send(Frame.signal(Signals.KILL));
            out.close();
        } catch (IOException e) {
            System.getLogger(ExecProcess.class.getName()).log(System.Logger.Level.DEBUG, "it has just ended", e);
        }
        process.onExit().orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).exceptionally(late -> {
            process.destroyForcibly();
            return process;
        });
    }
}
