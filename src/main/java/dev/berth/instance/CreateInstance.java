package dev.berth.instance;

import dev.berth.network.Networks;
import dev.berth.operation.OperationState;
import dev.berth.operation.OperationType;
import dev.berth.operation.OperationView;
import dev.berth.operation.Step;
import dev.berth.quota.QuotaLedger;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code instance.create}: leases, disks and configuration, start. A failure leaves nothing, not even the row. */
@ApplicationScoped
class CreateInstance implements OperationType<CreateInstance.Parameters> {
    private final InstanceSteps steps;
    private final InstanceStore store;
    private final Networks networks;
    private final QuotaLedger quota;

    CreateInstance(InstanceSteps steps, InstanceStore store, Networks networks, QuotaLedger quota) {
        this.steps = steps;
        this.store = store;
        this.networks = networks;
        this.quota = quota;
    }

    /**
     * What to make.
     *
     * @param source the instance whose disks are copied, or null to make them from images
     */
    record Parameters(
            UUID instance, boolean start, @Nullable UUID source, String actor) {}

    @Override
    public String name() {
        return "instance.create";
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public List<Step<Parameters>> steps(Parameters parameters) {
        List<Step<Parameters>> list = new ArrayList<>();
        list.add(Step.of(
                "reserve-leases",
                (p, context) -> steps.reserveLeases(p.instance()),
                (p, context) -> steps.releaseLeases(p.instance())));
        UUID source = parameters.source();
        if (source == null) {
            list.add(Step.of(
                    "define",
                    (p, context) -> steps.define(p.instance(), context),
                    (p, context) -> steps.destroy(p.instance())));
        } else {
            list.add(Step.of(
                    "copy-disks",
                    (p, context) -> copy(p.instance(), source, context),
                    (p, context) -> steps.destroy(p.instance())));
        }
        if (parameters.start()) {
            list.add(Step.of("start", (p, context) -> steps.start(p.instance())));
        }
        list.add(Step.of("look", (p, context) -> steps.look(p.instance())));
        return list;
    }

    private void copy(UUID id, UUID source, dev.berth.operation.StepContext context) {
        Instance instance = steps.require(id);
        steps.driver(instance)
                .require(dev.berth.driver.Cloning.class)
                .cloneInstance(source, instance.definition(), context.progress());
    }

    @Override
    public void finished(Parameters p, OperationView operation) {
        if (operation.state() == OperationState.SUCCEEDED) {
            quota.commit(operation.id());
            store.phase(steps.require(p.instance()), Instance.Phase.READY, p.actor());
            return;
        }
        quota.release(operation.id());
        store.find(p.instance()).ifPresent(instance -> {
            networks.free(instance.id());
            store.delete(instance, p.actor());
        });
    }
}
