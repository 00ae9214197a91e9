package dev.berth.driver.fake;

import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.LiveResizing;
import dev.berth.driver.Pausing;
import dev.berth.driver.Resetting;
import dev.berth.driver.RunState;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import java.util.UUID;

/** Pause, reset and live resize of fake instances. */
final class FakePower implements Pausing, Resetting, LiveResizing {
    private final FakeInstances instances;

    FakePower(FakeInstances instances) {
        this.instances = instances;
    }

    @Override
    public void pause(UUID id) {
        instances.behaviour.change("Pausing.pause");
        FakeInstance instance = instances.require(id);
        instance.require(RunState.RUNNING, RunState.PAUSED);
        instances.enter(instance, RunState.PAUSED);
    }

    @Override
    public void resume(UUID id) {
        instances.behaviour.change("Pausing.resume");
        FakeInstance instance = instances.require(id);
        instance.require(RunState.RUNNING, RunState.PAUSED);
        instances.enter(instance, RunState.RUNNING);
    }

    @Override
    public void reset(UUID id) {
        instances.behaviour.change("Resetting.reset");
        FakeInstance instance = instances.require(id);
        instance.require(RunState.RUNNING);
        instance.enter(RunState.STOPPED, instances.clock.instant());
        instances.enter(instance, RunState.RUNNING);
    }

    @Override
    public void resize(UUID id, CpuCount cpus, DataSize memory) {
        instances.behaviour.change("LiveResizing.resize");
        FakeInstance instance = instances.require(id);
        instance.require(RunState.RUNNING);
        InstanceDefinition d = instance.definition();
        if (cpus.value() > d.maxCpus().value() || memory.bytes() > d.maxMemory().bytes()) {
            throw BerthException.invalid("", "Beyond the maxima of the definition.");
        }
        instance.define(d.withSize(cpus, memory));
    }
}
