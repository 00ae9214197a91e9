package dev.berth.instance;

import dev.berth.driver.SnapshotState;
import dev.berth.driver.Snapshotting;
import dev.berth.operation.OperationState;
import dev.berth.operation.OperationType;
import dev.berth.operation.OperationView;
import dev.berth.operation.Step;
import dev.berth.operation.StepContext;
import dev.berth.quota.Amounts;
import dev.berth.quota.QuotaLedger;
import dev.berth.quota.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** {@code snapshot.change}: takes, reverts to or removes a snapshot. */
@ApplicationScoped
class ChangeSnapshot implements OperationType<ChangeSnapshot.Parameters> {
    static final Amounts ONE = new Amounts(Map.of(Resource.SNAPSHOTS, 1L));
    private final InstanceSteps steps;
    private final InstanceStore store;
    private final SnapshotStore snapshots;
    private final QuotaLedger quota;

    ChangeSnapshot(InstanceSteps steps, InstanceStore store, SnapshotStore snapshots, QuotaLedger quota) {
        this.steps = steps;
        this.store = store;
        this.snapshots = snapshots;
        this.quota = quota;
    }

    /** What to do with a snapshot. */
    enum Verb {
        CREATE,
        REVERT,
        DELETE
    }

    record Parameters(UUID instance, UUID snapshot, Verb verb, boolean withMemory, String actor) {}

    @Override
    public String name() {
        return "snapshot.change";
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
        Step<Parameters> look = Step.of("look", (p, context) -> steps.look(p.instance()));
        return switch (parameters.verb()) {
            case CREATE -> List.of(Step.of("take", this::take, this::remove));
            case REVERT ->
                List.of(
                        Step.of("revert", (p, context) -> snapshotting(p)
                                .revert(p.instance(), p.snapshot(), context.progress())),
                        look);
            case DELETE -> List.of(Step.of("remove", this::remove));
        };
    }

    private void take(Parameters p, StepContext context) {
        SnapshotState state = snapshotting(p).snapshot(p.instance(), p.snapshot(), p.withMemory(), context.progress());
        snapshots.ready(p.snapshot(), state.withMemory());
    }

    private void remove(Parameters p, StepContext context) {
        snapshotting(p).deleteSnapshot(p.instance(), p.snapshot(), context.progress());
    }

    private Snapshotting snapshotting(Parameters p) {
        return steps.driver(steps.require(p.instance())).require(Snapshotting.class);
    }

    @Override
    public void finished(Parameters p, OperationView operation) {
        boolean good = operation.state() == OperationState.SUCCEEDED;
        Instance instance = steps.require(p.instance());
        switch (p.verb()) {
            case CREATE -> {
                if (good) {
                    quota.commit(operation.id());
                } else {
                    quota.release(operation.id());
                    snapshots.delete(p.snapshot());
                }
            }
            case REVERT -> {
                // Nothing of the rows changes.
            }
            case DELETE -> {
                if (!good) {
                    snapshots.state(p.snapshot(), Snapshot.State.READY);
                } else if (snapshots.delete(p.snapshot())) {
                    quota.free(instance.project(), ONE);
                }
            }
        }
        store.announce("instance.changed", instance, p.actor());
    }
}
