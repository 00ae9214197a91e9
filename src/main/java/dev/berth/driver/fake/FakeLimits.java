package dev.berth.driver.fake;

import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.LiveLimits;
import dev.berth.driver.RunState;

/** Live limits of fake containers: they are kept, and limit nothing. */
final class FakeLimits implements LiveLimits {
    private final FakeInstances instances;

    FakeLimits(FakeInstances instances) {
        this.instances = instances;
    }

    @Override
    public void applyLimits(InstanceDefinition definition) {
        instances.behaviour.change("LiveLimits.applyLimits");
        FakeInstance instance = instances.require(definition.id());
        instance.require(RunState.RUNNING, RunState.PAUSED);
        instance.define(definition);
    }
}
