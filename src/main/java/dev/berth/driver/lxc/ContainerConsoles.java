package dev.berth.driver.lxc;

import dev.berth.driver.ConsoleKind;
import dev.berth.driver.ConsoleOutput;
import dev.berth.driver.ConsoleStream;
import dev.berth.driver.Consoles;
import dev.berth.driver.ExecSpec;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.UUID;

/** Opens the streams of a container's own process, which its supervisor shares among clients, and shells. */
final class ContainerConsoles implements Consoles {
    /** What the image has: a comfortable shell, or any. */
    private static final List<String> SHELL =
            List.of("/bin/sh", "-c", "if [ -x /bin/bash ]; then exec /bin/bash; fi; exec /bin/sh");

    private final Containers containers;
    private final ContainerExec exec;

    ContainerConsoles(Containers containers, ContainerExec exec) {
        this.containers = containers;
        this.exec = exec;
    }

    @Override
    public ConsoleStream openConsole(UUID id, ConsoleKind kind, ConsoleOutput output) {
        containers.running(id, "Start the instance to open its console.");
        return switch (kind) {
            case ATTACH -> FrameConsole.open(attach(containers.files(id)), output, false);
            case SHELL -> exec.openShell(id, new ExecSpec(SHELL, List.of(), null, null, true), output);
            case SERIAL, GRAPHICAL ->
                throw BerthException.of(
                        ErrorCode.UNSUPPORTED, "A container has no hardware; attach to its process, or open a shell.");
        };
    }

    private static SocketLink attach(ContainerFiles files) {
        try {
            return new SocketLink(SocketChannel.open(UnixDomainSocketAddress.of(files.attachSocket())));
        } catch (IOException e) {
            throw BerthException.of(
                    ErrorCode.WRONG_STATE, "The console is not there; is the instance still running?", e);
        }
    }
}
