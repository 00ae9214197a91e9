package dev.berth.driver.libvirt;

import dev.berth.driver.ConsoleKind;
import dev.berth.driver.ConsoleOutput;
import dev.berth.driver.ConsoleStream;
import dev.berth.driver.Consoles;
import dev.berth.driver.RunState;
import dev.berth.ffi.VirtDomain;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Opens the unix sockets of running domains: one shared connection per serial port, one connection per VNC client. */
final class DomainConsoles implements Consoles, AutoCloseable {
    private final Domains domains;
    private final InstanceStore store;
    private final Map<UUID, SocketConsole> serials = new HashMap<>();
    private final Map<UUID, Set<SocketConsole>> displays = new HashMap<>();

    DomainConsoles(Domains domains, InstanceStore store) {
        this.domains = domains;
        this.store = store;
    }

    @Override
    public ConsoleStream openConsole(UUID id, ConsoleKind kind, ConsoleOutput output) {
        domains.require(id, Set.of(RunState.RUNNING, RunState.PAUSED), "Start the instance to open its console.");
        return switch (kind) {
            case SERIAL -> serial(id, output);
            case GRAPHICAL -> display(id, output);
            case ATTACH, SHELL ->
                throw BerthException.of(
                        ErrorCode.UNSUPPORTED, "A virtual machine has a serial and a graphical console only.");
        };
    }

    private synchronized ConsoleStream serial(UUID id, ConsoleOutput output) {
        SocketConsole shared = serials.get(id);
        ConsoleStream stream = shared == null ? null : shared.join(output);
        if (stream != null) {
            return stream;
        }
        SocketConsole[] made = new SocketConsole[1];
        made[0] = SocketConsole.connect(store.files(id).serialSocket(), () -> forgetSerial(id, made));
        serials.put(id, made[0]);
        return joined(made[0], output);
    }

    private synchronized void forgetSerial(UUID id, SocketConsole[] console) {
        serials.remove(id, console[0]);
    }

    private synchronized ConsoleStream display(UUID id, ConsoleOutput output) {
        Path socket = domains.with(id, DomainConsoles::vncSocket);
        SocketConsole[] made = new SocketConsole[1];
        made[0] = SocketConsole.connect(socket, () -> forgetDisplay(id, made));
        displays.computeIfAbsent(id, key -> new HashSet<>()).add(made[0]);
        return joined(made[0], output);
    }

    private synchronized void forgetDisplay(UUID id, SocketConsole[] console) {
        displays.computeIfPresent(id, (key, open) -> {
            open.remove(console[0]);
            return open.isEmpty() ? null : open;
        });
    }

    private static ConsoleStream joined(SocketConsole console, ConsoleOutput output) {
        ConsoleStream stream = console.join(output);
        if (stream == null) {
            throw BerthException.of(ErrorCode.WRONG_STATE, "The instance has just been stopped.");
        }
        return stream;
    }

    private static Path vncSocket(VirtDomain domain) {
        String path = XmlElement.parse(domain.xml(0)).all("graphics").stream()
                .map(graphics -> graphics.attribute("socket"))
                .findFirst()
                .orElse("");
        if (path.isEmpty()) {
            throw BerthException.of(
                    ErrorCode.UNSUPPORTED, "This instance has no display; change its video setting and restart it.");
        }
        return Path.of(path);
    }

    void closeAll(UUID id) {
        List<SocketConsole> open = new ArrayList<>();
        synchronized (this) {
            open.addAll(displays.getOrDefault(id, Set.of()));
            if (serials.containsKey(id)) {
                open.add(serials.get(id));
            }
        }
        open.forEach(SocketConsole::end);
    }

    @Override
    public void close() {
        Set<UUID> ids;
        synchronized (this) {
            ids = new HashSet<>(serials.keySet());
            ids.addAll(displays.keySet());
        }
        ids.forEach(this::closeAll);
    }
}
