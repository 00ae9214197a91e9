package dev.berth.instance;

import dev.berth.access.Caller;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.ResourceName;
import dev.berth.kernel.Uuids;
import dev.berth.operation.OperationView;
import dev.berth.quota.QuotaLedger;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Snapshots of instances. */
@ApplicationScoped
public class Snapshots {
    private final SnapshotStore snapshots;
    private final InstanceStore store;
    private final InstanceSubmission submission;
    private final ChangeSnapshot changeSnapshot;
    private final QuotaLedger quota;

    Snapshots(
            SnapshotStore snapshots,
            InstanceStore store,
            InstanceSubmission submission,
            ChangeSnapshot changeSnapshot,
            QuotaLedger quota) {
        this.snapshots = snapshots;
        this.store = store;
        this.submission = submission;
        this.changeSnapshot = changeSnapshot;
        this.quota = quota;
    }

    public List<Snapshot> list(UUID instance) {
        return snapshots.list(instance);
    }

    /** By id or by name. */
    public Snapshot require(UUID instance, String idOrName) {
        Optional<UUID> id = Uuids.parse(idOrName);
        return snapshots.list(instance).stream()
                .filter(s -> id.isPresent() ? s.id().equals(id.get()) : s.name().equals(idOrName))
                .findFirst()
                .orElseThrow(() -> BerthException.notFound("snapshot", idOrName));
    }

    @Transactional
    public OperationView create(InstanceView view, ResourceName name, boolean withMemory, Caller caller) {
        Instance instance = lock(view);
        UUID id = Uuids.next();
        UUID operation = Uuids.next();
        quota.reserve(operation, instance.project(), ChangeSnapshot.ONE);
        if (!snapshots.insert(id, instance.id(), name.value(), withMemory)) {
            throw BerthException.of(
                            ErrorCode.NAME_TAKEN,
                            "'" + instance.name() + "' has a snapshot '" + name.value()
                                    + "' already; choose another name.")
                    .with("pointer", "/name");
        }
        return submit(operation, instance, id, ChangeSnapshot.Verb.CREATE, withMemory, caller);
    }

    @Transactional
    public OperationView revert(InstanceView view, Snapshot snapshot, Caller caller) {
        Instance instance = lock(view);
        ready(snapshot);
        store.desire(instance, snapshot.withMemory(), caller.name());
        return submit(Uuids.next(), instance, snapshot.id(), ChangeSnapshot.Verb.REVERT, false, caller);
    }

    @Transactional
    public OperationView delete(InstanceView view, Snapshot snapshot, Caller caller) {
        Instance instance = lock(view);
        ready(snapshot);
        snapshots.state(snapshot.id(), Snapshot.State.DELETING);
        return submit(Uuids.next(), instance, snapshot.id(), ChangeSnapshot.Verb.DELETE, false, caller);
    }

    private OperationView submit(
            UUID operation,
            Instance instance,
            UUID snapshot,
            ChangeSnapshot.Verb verb,
            boolean withMemory,
            Caller caller) {
        return submission.submit(
                operation,
                changeSnapshot,
                new ChangeSnapshot.Parameters(instance.id(), snapshot, verb, withMemory, caller.name()),
                instance,
                caller);
    }

    private static void ready(Snapshot snapshot) {
        if (snapshot.state() != Snapshot.State.READY) {
            throw BerthException.of(
                    ErrorCode.WRONG_STATE, "The snapshot '" + snapshot.name() + "' is being made or deleted.");
        }
    }

    private Instance lock(InstanceView view) {
        Changeable.check(view);
        return store.lock(view.id()).orElseThrow(() -> BerthException.notFound("instance", view.id()));
    }
}
