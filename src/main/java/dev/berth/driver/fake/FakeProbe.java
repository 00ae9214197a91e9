package dev.berth.driver.fake;

import dev.berth.driver.InstanceDriver;
import dev.berth.driver.NodeFacts;
import dev.berth.driver.NodeProbe;
import dev.berth.driver.NodeUsage;
import dev.berth.driver.RunState;
import dev.berth.kernel.DataSize;
import java.time.Instant;
import java.util.List;

/** What a fake node says of itself. */
final class FakeProbe implements NodeProbe {
    private static final DataSize MEMORY = new DataSize(64L << 30);
    private static final DataSize DISK = new DataSize(1L << 40);
    private final FakeFleet fleet;
    private final List<InstanceDriver> drivers;

    FakeProbe(FakeFleet fleet, List<InstanceDriver> drivers) {
        this.fleet = fleet;
        this.drivers = drivers;
    }

    @Override
    public NodeFacts facts() {
        fleet.behaviour.look("NodeProbe.facts");
        return new NodeFacts(
                "00000000000000000000000000000fa4e",
                "fake",
                "none",
                "x86_64",
                "made up",
                32,
                MEMORY,
                DISK,
                "v2",
                new NodeFacts.Accelerator("fake", "nothing really runs on this node"),
                drivers.stream()
                        .map(driver -> new NodeFacts.DriverFacts(driver.identify(), driver.capabilities(), ""))
                        .toList(),
                List.of(new NodeFacts.Notice(
                        NodeFacts.Notice.Level.INFO,
                        "This node is a simulation: its instances exist in memory only.",
                        "Set berth.node.local to the socket of an agent to manage a real host.")),
                "fake");
    }

    @Override
    public NodeUsage usage() {
        fleet.behaviour.look("NodeProbe.usage");
        Instant now = fleet.clock.instant();
        long running = fleet.all().filter(i -> i.state() == RunState.RUNNING).count();
        double busy = Math.min(0.95, 0.02 + running * 0.01);
        return new NodeUsage(
                now,
                busy,
                busy * 32,
                new DataSize((long) (MEMORY.bytes() * busy)),
                MEMORY,
                new DataSize(DISK.bytes() / 20 * (1 + Math.min(18, fleet.all().count() / 1000))),
                DISK);
    }
}
