package dev.berth.instance;

import dev.berth.network.Networks;
import dev.berth.operation.OperationState;
import dev.berth.operation.OperationType;
import dev.berth.operation.OperationView;
import dev.berth.operation.Step;
import dev.berth.quota.Amounts;
import dev.berth.quota.QuotaLedger;
import dev.berth.quota.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;

/** {@code instance.delete}: everything of an instance goes, and its quota comes back. */
@ApplicationScoped
class DeleteInstance implements OperationType<DeleteInstance.Parameters> {
    private final InstanceSteps steps;
    private final InstanceStore store;
    private final SnapshotStore snapshots;
    private final Networks networks;
    private final QuotaLedger quota;
    private final Rates rates;

    DeleteInstance(
            InstanceSteps steps,
            InstanceStore store,
            SnapshotStore snapshots,
            Networks networks,
            QuotaLedger quota,
            Rates rates) {
        this.steps = steps;
        this.store = store;
        this.snapshots = snapshots;
        this.networks = networks;
        this.quota = quota;
        this.rates = rates;
    }

    /** What to remove. */
    record Parameters(UUID instance, String actor) {}

    @Override
    public String name() {
        return "instance.delete";
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public boolean cancelable() {
        return false;
    }

    @Override
    public List<Step<Parameters>> steps(Parameters parameters) {
        return List.of(
                Step.of("destroy", (p, context) -> steps.destroy(p.instance())),
                Step.of("release-leases", (p, context) -> steps.releaseLeases(p.instance())));
    }

    @Override
    public void finished(Parameters p, OperationView operation) {
        store.find(p.instance()).ifPresent(instance -> {
            if (operation.state() == OperationState.SUCCEEDED) {
                Amounts used = instance.amounts().plus(Resource.SNAPSHOTS, snapshots.count(instance.id()));
                networks.free(instance.id());
                store.delete(instance, p.actor());
                quota.free(instance.project(), used);
                rates.forget(instance.id());
            } else {
                store.phase(instance, Instance.Phase.READY, p.actor());
            }
        });
    }
}
