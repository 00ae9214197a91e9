package dev.berth.driver.fake;

import dev.berth.driver.Logs;
import java.util.UUID;

/** Serial logs of fake instances. */
final class FakeLogs implements Logs {
    private final FakeInstances instances;

    FakeLogs(FakeInstances instances) {
        this.instances = instances;
    }

    @Override
    public byte[] tailLog(UUID id, int maxBytes) {
        instances.behaviour.look("Logs.tailLog");
        return instances.require(id).tail(maxBytes);
    }
}
