package dev.berth.instance;

import dev.berth.network.Addresses;
import dev.berth.operation.OperationState;
import dev.berth.operation.OperationType;
import dev.berth.operation.OperationView;
import dev.berth.operation.Step;
import dev.berth.quota.Amounts;
import dev.berth.quota.QuotaLedger;
import dev.berth.quota.Resource;
import dev.berth.storage.Volumes;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code instance.delete}: everything of an instance goes, and its quota comes back. */
@ApplicationScoped
class DeleteInstance implements OperationType<DeleteInstance.Parameters> {
    private final InstanceSteps steps;
    private final InstanceStore store;
    private final SnapshotStore snapshots;
    private final Addresses addresses;
    private final QuotaLedger quota;
    private final Rates rates;
    private final Volumes volumes;

    DeleteInstance(
            InstanceSteps steps,
            InstanceStore store,
            SnapshotStore snapshots,
            Addresses addresses,
            QuotaLedger quota,
            Rates rates,
            Volumes volumes) {
        this.steps = steps;
        this.store = store;
        this.snapshots = snapshots;
        this.addresses = addresses;
        this.quota = quota;
        this.rates = rates;
        this.volumes = volumes;
    }

    /**
     * What to remove.
     *
     * @param volumes {@code REMOVE} or {@code KEEP} those that go with it; null where there are none
     */
    record Parameters(UUID instance, String actor, @Nullable Fate volumes) {}

    /** What becomes of the volumes that go with an instance. */
    enum Fate {
        REMOVE,
        KEEP
    }

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
                Step.of("release", (p, context) -> release(p)));
    }

    private void release(Parameters p) {
        steps.releaseLeases(p.instance());
        if (p.volumes() == Fate.REMOVE) {
            volumes.removeOf(p.instance());
        }
    }

    @Override
    public void finished(Parameters p, OperationView operation) {
        store.find(p.instance()).ifPresent(instance -> {
            if (operation.state() == OperationState.SUCCEEDED) {
                forget(instance, p.volumes() == Fate.REMOVE, p.actor());
            } else {
                store.phase(instance, Instance.Phase.READY, p.actor());
            }
        });
    }

    /** Removes the rows of an instance and frees what they took of the quota, in the caller's transaction. */
    void forget(Instance instance, boolean withVolumes, String actor) {
        Amounts used = instance.amounts().plus(Resource.SNAPSHOTS, snapshots.count(instance.id()));
        Amounts stored = Amounts.NONE;
        if (withVolumes) {
            stored = volumes.amountsOf(instance.id());
            volumes.forget(instance.id(), actor);
        } else {
            volumes.keep(instance.id());
        }
        addresses.free(instance.id());
        store.delete(instance, actor);
        quota.free(instance.project(), used.plus(Resource.DISK, stored.get(Resource.DISK)));
        rates.forget(instance.id());
    }
}
