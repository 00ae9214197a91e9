package dev.berth.driver.fake;

import dev.berth.driver.ConsoleKind;
import dev.berth.driver.ConsoleOutput;
import dev.berth.driver.ConsoleStream;
import dev.berth.driver.Consoles;
import dev.berth.driver.RunState;
import java.util.UUID;

/** Consoles of fake instances: a small shell, and a display that changes. */
final class FakeConsoles implements Consoles {
    private final FakeInstances instances;

    FakeConsoles(FakeInstances instances) {
        this.instances = instances;
    }

    @Override
    public ConsoleStream openConsole(UUID id, ConsoleKind kind, ConsoleOutput output) {
        instances.behaviour.look("Consoles.openConsole");
        FakeInstance instance = instances.require(id);
        instance.require(RunState.RUNNING, RunState.PAUSED);
        return switch (kind) {
            case SERIAL -> new FakeShell(instance, output);
            case GRAPHICAL -> FakeDisplay.open(instance.definition().name(), output);
        };
    }
}
