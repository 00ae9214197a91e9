package dev.berth.driver.fake;

import dev.berth.driver.ConsoleKind;
import dev.berth.driver.ConsoleOutput;
import dev.berth.driver.ConsoleStream;
import dev.berth.driver.Consoles;
import dev.berth.driver.DriverEvent;
import dev.berth.driver.ObservedState;
import dev.berth.driver.RunState;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Consoles of fake instances: a small shell, and a display that changes. */
final class FakeConsoles implements Consoles {
    private final FakeInstances instances;

    private final Map<UUID, List<ConsoleStream>> open = new ConcurrentHashMap<>();

    FakeConsoles(FakeInstances instances) {
        this.instances = instances;
        instances.listen(this::closeEnded);
    }

    /** Consoles end with their instance. */
    private void closeEnded(DriverEvent event) {
        UUID ended =
                switch (event) {
                    case DriverEvent.Gone gone -> gone.id();
                    case DriverEvent.Changed changed ->
                        hasEnded(changed.state()) ? changed.state().id() : null;
                    case DriverEvent.Resync resync -> null;
                };
        List<ConsoleStream> streams = ended == null ? null : open.remove(ended);
        if (streams != null) {
            streams.forEach(ConsoleStream::close);
        }
    }

    private static boolean hasEnded(ObservedState seen) {
        return seen.state() == RunState.STOPPED || seen.state() == RunState.CRASHED;
    }

    @Override
    public ConsoleStream openConsole(UUID id, ConsoleKind kind, ConsoleOutput output) {
        instances.behaviour.look("Consoles.openConsole");
        FakeInstance instance = instances.require(id);
        instance.require(RunState.RUNNING, RunState.PAUSED);
        ConsoleStream stream =
                switch (kind) {
                    case SERIAL, ATTACH, SHELL -> new FakeShell(instance, output);
                    case GRAPHICAL -> FakeDisplay.open(instance, output);
                };
        open.computeIfAbsent(id, key -> new CopyOnWriteArrayList<>()).add(stream);
        return stream;
    }
}
