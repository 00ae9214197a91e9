package dev.berth.driver.fake;

import dev.berth.driver.ConsoleKind;
import dev.berth.driver.ConsoleOutput;
import dev.berth.driver.ConsoleStream;
import dev.berth.driver.Consoles;
import dev.berth.driver.DriverEvent;
import dev.berth.driver.ObservedState;
import dev.berth.driver.RunState;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Consoles of fake instances: a small shell, and a display that changes. */
final class FakeConsoles implements Consoles {
    private final FakeInstances instances;
    private final Set<ConsoleKind> kinds;

    private final Map<UUID, List<Kept>> open = new ConcurrentHashMap<>();

    private record Kept(ConsoleStream stream, Instant since) {}

    FakeConsoles(FakeInstances instances, Set<ConsoleKind> kinds) {
        this.instances = instances;
        this.kinds = kinds;
        instances.listen(this::closeEnded);
    }

    /** Consoles end with their instance; events come a little late, so that it may run again, with other consoles. */
    private void closeEnded(DriverEvent event) {
        switch (event) {
            case DriverEvent.Gone gone -> {
                closeUntil(gone.id(), Instant.MAX);
                open.remove(gone.id());
            }
            case DriverEvent.Changed changed -> {
                if (hasEnded(changed.state())) {
                    closeUntil(changed.state().id(), changed.state().observedAt());
                }
            }
            case DriverEvent.Resync resync -> {
                // nothing ended
            }
        }
    }

    private void closeUntil(UUID id, Instant end) {
        List<Kept> streams = open.getOrDefault(id, List.of());
        for (Kept kept : streams) {
            if (!kept.since().isAfter(end)) {
                streams.remove(kept);
                kept.stream().close();
            }
        }
    }

    private static boolean hasEnded(ObservedState seen) {
        return seen.state() == RunState.STOPPED || seen.state() == RunState.CRASHED;
    }

    /** Has a stream end with its instance. */
    ConsoleStream kept(UUID id, ConsoleStream stream) {
        open.computeIfAbsent(id, key -> new CopyOnWriteArrayList<>()).add(new Kept(stream, instances.clock.instant()));
        return stream;
    }

    @Override
    public ConsoleStream openConsole(UUID id, ConsoleKind kind, ConsoleOutput output) {
        instances.behaviour.look("Consoles.openConsole");
        FakeInstance instance = instances.require(id);
        instance.require(RunState.RUNNING, RunState.PAUSED);
        if (!kinds.contains(kind)) {
            throw BerthException.of(
                    ErrorCode.UNSUPPORTED,
                    "There is no " + kind.name().toLowerCase(Locale.ROOT) + " console here; there are: " + kinds + ".");
        }
        ConsoleStream stream =
                switch (kind) {
                    case SERIAL, SHELL -> new FakeShell(instance, output);
                    case ATTACH -> FakeAttach.open(instance, output, instances.clock);
                    case GRAPHICAL -> FakeDisplay.open(instance, output);
                };
        return kept(id, stream);
    }
}
