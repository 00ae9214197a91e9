package dev.berth.instance;

import dev.berth.driver.Cloning;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.InstanceKind;
import dev.berth.image.Image;
import dev.berth.kernel.Handover;
import dev.berth.network.Addresses;
import dev.berth.operation.OperationState;
import dev.berth.operation.OperationType;
import dev.berth.operation.OperationView;
import dev.berth.operation.Step;
import dev.berth.operation.StepContext;
import dev.berth.quota.QuotaLedger;
import dev.berth.storage.Volumes;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** {@code instance.create}: image, volumes, disks, configuration and leases, start. A failure leaves nothing, not even the row. */
@ApplicationScoped
class CreateInstance implements OperationType<CreateInstance.Parameters> {
    private final InstanceSteps steps;
    private final InstanceStore store;
    private final Addresses addresses;
    private final QuotaLedger quota;
    private final Volumes volumes;
    private final InstanceCompletion completion;

    private final Handover<Instance> written = new Handover<>();

    CreateInstance(
            InstanceSteps steps,
            InstanceStore store,
            Addresses addresses,
            QuotaLedger quota,
            Volumes volumes,
            InstanceCompletion completion) {
        this.steps = steps;
        this.store = store;
        this.addresses = addresses;
        this.quota = quota;
        this.volumes = volumes;
        this.completion = completion;
    }

    /**
     * What to make.
     *
     * @param source the instance whose disks are copied, or null to make them from images
     * @param pull the image that has to be pulled first, or null
     * @param volumes whether volumes may have to be made for it
     * @param kind null in operations of a version that did not write it
     */
    record Parameters(
            UUID instance,
            boolean start,
            @Nullable UUID source,
            String actor,
            @Nullable Pull pull,
            @Nullable Boolean volumes,
            @Nullable InstanceKind kind) {}

    /** An image of a registry, and the request that it completes. */
    record Pull(String reference, NewInstance request) {}

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
        AtomicReference<@Nullable Made> made = new AtomicReference<>();
        Pull pull = parameters.pull();
        if (pull != null) {
            list.add(Step.of("pull-image", (p, context) -> pull(p, pull, context)));
        }
        if (Boolean.TRUE.equals(parameters.volumes())) {
            list.add(Step.of(
                    "create-volumes",
                    (p, context) -> volumes.ensureOf(p.instance()),
                    (p, context) -> volumes.removeOf(p.instance())));
        }
        UUID source = parameters.source();
        if (source == null) {
            list.add(define(parameters, made));
        } else {
            list.add(Step.of(
                    "copy-disks",
                    (p, context) -> steps.make(p.instance(), instance -> copy(instance, source, context)),
                    (p, context) -> steps.unmake(p.instance())));
        }
        if (parameters.start()) {
            list.add(Step.of("start", (p, context) -> start(p, context, made.get())));
        } else {
            list.add(Step.of("look", (p, context) -> steps.look(p.instance())));
        }
        return list;
    }

    /** What this run made of its instance. */
    private record Made(Instance instance, boolean started) {}

    /**
     * A container is a few files, so that a start that follows is in time to tell of both, and needs no second look. One of an
     * application runs at once: it has its addresses from its definition and asks no DHCP server for them, which may not know
     * them yet.
     */
    private Step<Parameters> define(Parameters parameters, AtomicReference<@Nullable Made> made) {
        Step.Action<Parameters> make = (p, context) -> steps.make(taken(p), instance -> {
            boolean start =
                    p.start() && instance.spec() instanceof ContainerSpec spec && spec.mode() == ContainerSpec.Mode.APP;
            if (start) {
                steps.run(instance, context);
            } else {
                steps.define(instance, context);
            }
            made.set(new Made(instance, start));
        });
        Step.Action<Parameters> unmake = (p, context) -> steps.unmake(p.instance());
        return parameters.kind() == InstanceKind.CONTAINER
                ? Step.brief("define", make, unmake)
                : Step.of("define", make, unmake);
    }

    /** Says what {@link #define} is about to read, in the transaction that writes it, if that is its first step. */
    void written(Instance instance) {
        written.leave(instance.id(), instance);
    }

    private Instance taken(Parameters p) {
        return written.take(p.instance()).orElseGet(() -> steps.require(p.instance()));
    }

    private void start(Parameters p, StepContext context, @Nullable Made made) {
        if (made == null) {
            steps.start(p.instance(), context);
        } else if (!made.started()) {
            steps.start(made.instance(), context);
        }
    }

    private void pull(Parameters p, Pull pull, StepContext context) {
        Image image = completion.pull(p.instance(), pull.reference(), p.actor(), context);
        completion.complete(p.instance(), pull.request(), image, context.operationId(), p.actor());
    }

    private void copy(Instance instance, UUID source, StepContext context) {
        steps.driver(instance).require(Cloning.class).cloneInstance(source, instance.definition(), context.progress());
    }

    @Override
    public void finished(Parameters p, OperationView operation) {
        if (operation.state() == OperationState.SUCCEEDED) {
            if (Boolean.TRUE.equals(p.volumes())) {
                volumes.settle(p.instance(), p.actor());
            }
            store.phase(named(p, operation), Instance.Phase.READY, p.actor());
            quota.commit(operation.id());
            return;
        }
        quota.release(operation.id());
        volumes.forget(p.instance(), p.actor());
        store.find(p.instance()).ifPresent(instance -> {
            addresses.free(instance.id());
            store.delete(instance, p.actor());
        });
    }

    private InstanceStore.Named named(Parameters p, OperationView operation) {
        InstanceKind kind = p.kind();
        return kind == null
                ? InstanceStore.Named.of(steps.require(p.instance()))
                : new InstanceStore.Named(
                        p.instance(), operation.project(), operation.subject().name(), kind);
    }
}
