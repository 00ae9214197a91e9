package dev.berth.instance;

import dev.berth.access.Caller;
import dev.berth.driver.OciDetails;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Subject;
import dev.berth.kernel.Uuids;
import dev.berth.node.Nodes;
import dev.berth.operation.OperationRequest;
import dev.berth.operation.OperationType;
import dev.berth.operation.OperationView;
import dev.berth.operation.Operations;
import dev.berth.quota.Amounts;
import dev.berth.quota.QuotaLedger;
import dev.berth.quota.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes operations on instances that exist, with the quota that they need, in the caller's transaction. */
@ApplicationScoped
class InstanceSubmission {
    private final InstanceStore store;
    private final QuotaLedger quota;
    private final Operations operations;
    private final ChangeInstance changeInstance;
    private final InstanceVolumes volumes;
    private final Nodes nodes;

    InstanceSubmission(
            InstanceStore store,
            QuotaLedger quota,
            Operations operations,
            ChangeInstance changeInstance,
            InstanceVolumes volumes,
            Nodes nodes) {
        this.store = store;
        this.quota = quota;
        this.operations = operations;
        this.changeInstance = changeInstance;
        this.volumes = volumes;
        this.nodes = nodes;
    }

    /**
     * How to follow a change.
     *
     * @param start whether to start it at the end
     */
    record Way(ChangeInstance.Kind kind, boolean start) {}

    /**
     * Writes a change down.
     *
     * @param image whose declared paths get volumes where nothing covers them, or null to add none
     */
    @Transactional(Transactional.TxType.MANDATORY)
    OperationView change(Instance before, Instance wanted, OciDetails.@Nullable Config image, Way way, Caller caller) {
        if (before.phase() != Instance.Phase.READY) {
            throw BerthException.of(ErrorCode.WRONG_STATE, "The instance is being made or deleted.");
        }
        UUID operation = Uuids.next();
        Instance after = image == null ? wanted : volumes.withDeclared(wanted, image, operation, caller);
        quota.reserve(operation, before.project(), difference(before.amounts(), after.amounts()));
        store.update(after, caller.name());
        return operations.submit(request(
                operation,
                changeInstance,
                new ChangeInstance.Parameters(
                        before, way.kind(), way.start(), caller.name(), InstanceVolumes.added(wanted, after)),
                after,
                caller));
    }

    @Transactional(Transactional.TxType.MANDATORY)
    <P extends Record> OperationView submit(
            UUID operation, OperationType<P> type, P parameters, Instance instance, Caller caller) {
        return operations.submit(request(operation, type, parameters, instance, caller));
    }

    private <P extends Record> OperationRequest<P> request(
            UUID operation, OperationType<P> type, P parameters, Instance instance, Caller caller) {
        nodes.requireLink(instance.node());
        return new OperationRequest<>(
                operation,
                type,
                parameters,
                instance.project(),
                new Subject("instance", instance.id(), instance.name()),
                instance.queueKey(),
                caller.name());
    }

    private static Amounts difference(Amounts before, Amounts after) {
        Map<Resource, Long> values = new EnumMap<>(Resource.class);
        for (Resource resource : Resource.values()) {
            values.put(resource, after.get(resource) - before.get(resource));
        }
        return new Amounts(values);
    }
}
