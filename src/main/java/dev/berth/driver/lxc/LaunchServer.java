package dev.berth.driver.lxc;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The process that forks others for this driver ({@code berth-launch serve}): a fork of a small process takes a tenth of what
 * it takes to start a program from a JVM. It is started with the first request, anew if it was killed, and ends with this
 * process.
 */
final class LaunchServer implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Pattern SOCKET = Pattern.compile("\\.launch-(\\d+)-\\d+");
    private static final String READY = "ready";
    private static final int ATTEMPTS = 3;
    private static final long PATIENCE_MILLIS = 2000;

    private final LxcSettings settings;
    private final Path socket;
    private @Nullable Process server;

    LaunchServer(LxcSettings settings) {
        this.settings = settings;
        this.socket = settings.layout()
                .containers()
                .resolve(".launch-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet());
    }

    /** Begins a command about a container; what follows is as the command says. */
    SocketLink request(String command, ContainerFiles files) {
        Plan words = new Plan();
        words.words(List.of(command, files.directory().toString()));
        Frame request = new Frame(Frame.PLAN, words.bytes());
        for (int attempt = 1; ; attempt++) {
            try {
                return connect(request);
            } catch (IOException e) {
                // It was killed between the look at it and the connection.
                if (attempt == ATTEMPTS) {
                    throw BerthException.of(
                            ErrorCode.DRIVER_FAILED, "berth-launch does not answer; see the agent's log.", e);
                }
            }
        }
    }

    private SocketLink connect(Frame request) throws IOException {
        ensureRunning();
        SocketLink link = new SocketLink(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
        try {
            link.send(request);
            return link;
        } catch (IOException e) {
            link.close();
            throw e;
        }
    }

    private synchronized void ensureRunning() throws IOException {
        if (server != null && server.isAlive()) {
            return;
        }
        Trees.create(settings.layout().containers());
        removeForgotten();
        Process started = Program.start(List.of(settings.launch().toString(), "serve", socket.toString()));
        String line =
                new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (!READY.equals(line)) {
            String reason = new String(started.getErrorStream().readNBytes(1024), StandardCharsets.UTF_8).strip();
            started.destroyForcibly();
            throw Program.failed("berth-launch", reason);
        }
        server = started;
    }

    /** Sockets of processes that were killed. */
    private void removeForgotten() {
        for (Path file : Trees.list(settings.layout().containers())) {
            Matcher name = SOCKET.matcher(file.getFileName().toString());
            if (name.matches()
                    && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
                Trees.delete(file);
            }
        }
    }

    /** Ends it; what it was asked for goes on. */
    @Override
    public synchronized void close() {
        Process ending = server;
        if (ending == null) {
            return;
        }
        try {
            ending.getOutputStream().close();
            if (!ending.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                ending.destroyForcibly();
            }
        } catch (IOException e) {
            ending.destroyForcibly();
        } catch (InterruptedException e) {
            ending.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
