package dev.berth.instance;

import dev.berth.driver.ContainerSpec;
import dev.berth.driver.DiskGrowing;
import dev.berth.driver.DiskSpec;
import dev.berth.driver.InstanceDriver;
import dev.berth.driver.LiveLimits;
import dev.berth.driver.LiveResizing;
import dev.berth.driver.MediaChanging;
import dev.berth.driver.Rebuilding;
import dev.berth.driver.RunState;
import dev.berth.driver.VmSpec;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import dev.berth.operation.OperationState;
import dev.berth.operation.OperationType;
import dev.berth.operation.OperationView;
import dev.berth.operation.Step;
import dev.berth.operation.StepContext;
import dev.berth.quota.QuotaLedger;
import dev.berth.storage.Volumes;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * {@code instance.change}: makes the node follow what the row says since the request: sizes and names, another root
 * image, another ISO. A failure puts row and node back to what was before.
 */
@ApplicationScoped
class ChangeInstance implements OperationType<ChangeInstance.Parameters> {
    private static final String REBUILT = "rebuilt";
    private final InstanceSteps steps;
    private final InstanceStore store;
    private final QuotaLedger quota;
    private final Volumes volumes;

    ChangeInstance(InstanceSteps steps, InstanceStore store, QuotaLedger quota, Volumes volumes) {
        this.steps = steps;
        this.store = store;
        this.quota = quota;
        this.volumes = volumes;
    }

    /** What is changed. */
    enum Kind {
        SIZE,
        REBUILD,
        MEDIA
    }

    /**
     * What to do.
     *
     * @param before the instance as it was
     * @param start whether to start it at the end
     * @param volumes that are made for it
     */
    record Parameters(Instance before, Kind kind, boolean start, String actor, List<UUID> volumes) {
        Parameters {
            // Operations of an earlier version have none.
            volumes = List.copyOf(Objects.requireNonNullElse(volumes, List.<UUID>of()));
        }

        UUID id() {
            return before.id();
        }
    }

    @Override
    public String name() {
        return "instance.change";
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
        List<Step<Parameters>> list = new ArrayList<>();
        if (!parameters.volumes().isEmpty()) {
            list.add(Step.of("create-volumes", (p, context) -> volumes.ensureOf(p.id()), this::removeVolumes));
        }
        switch (parameters.kind()) {
            case SIZE -> {
                list.add(Step.of("reserve-leases", (p, context) -> steps.reserveLeases(p.id()), (p, context) -> {
                    restoreRow(p);
                    steps.reserveLeases(p.id());
                }));
                list.add(Step.of("configure", this::configure, this::putBack));
                list.add(Step.of("grow-disks", (p, context) -> growDisks(p)));
            }
            case REBUILD -> list.add(Step.of("rebuild", this::rebuild, this::putBackUnlessRebuilt));
            case MEDIA -> list.add(Step.of("change-media", (p, context) -> changeMedia(p), this::putBackMedia));
        }
        if (parameters.start()) {
            list.add(Step.of("start", (p, context) -> steps.start(p.id(), context)));
        } else {
            list.add(Step.of("look", (p, context) -> steps.look(p.id())));
        }
        return list;
    }

    private void configure(Parameters p, StepContext context) {
        Instance wanted = steps.require(p.id());
        InstanceDriver driver = steps.driver(wanted);
        driver.define(wanted.definition(), context.progress());
        RunState state = driver.observe(p.id()).state();
        if (state != RunState.RUNNING && state != RunState.PAUSED) {
            return;
        }
        boolean resized = !wanted.cpus().equals(p.before().cpus())
                || !wanted.memory().equals(p.before().memory());
        switch (wanted.spec()) {
            case VmSpec vm -> {
                if (resized) {
                    store.restartNeeded(p.id(), !resizedLive(driver, wanted, context));
                }
            }
            case ContainerSpec container -> changeLive(driver, p, wanted, container, resized);
        }
    }

    private void removeVolumes(Parameters p, StepContext context) {
        if (context.get(REBUILT).isEmpty()) {
            restoreRow(p);
            volumes.remove(p.volumes());
        }
    }

    /** Limits, ulimits apart, hold at once; what else is changed of a container holds from its next start. */
    private void changeLive(
            InstanceDriver driver, Parameters p, Instance wanted, ContainerSpec container, boolean resized) {
        ContainerSpec before = (ContainerSpec) p.before().spec();
        if (resized || !container.limits().equals(before.limits())) {
            driver.require(LiveLimits.class).applyLimits(wanted.definition());
        }
        ContainerSpec comparable = ContainerDraft.of(before, draft -> {
            draft.limits = container.limits().withUlimits(before.limits().ulimits());
            draft.restart = container.restart();
            draft.removeOnExit = container.removeOnExit();
        });
        if (!comparable.equals(container)) {
            store.restartNeeded(p.id(), true);
        }
    }

    /** False when the running guest keeps its size; the new one holds from its next start. */
    private static boolean resizedLive(InstanceDriver driver, Instance wanted, StepContext context) {
        try {
            driver.require(LiveResizing.class).resize(wanted.id(), wanted.cpus(), wanted.memory());
            return true;
        } catch (BerthException e) {
            return switch (e.code()) {
                case INVALID_ARGUMENT, UNSUPPORTED, WRONG_STATE, DRIVER_FAILED, DEADLINE_EXCEEDED -> {
                    context.log("The new size needs restart: the running guest keeps its own (" + e.message() + ").");
                    yield false;
                }
                default -> throw e;
            };
        }
    }

    private void growDisks(Parameters p) {
        Instance wanted = steps.require(p.id());
        Map<UUID, DataSize> before =
                p.before().disks().stream().collect(Collectors.toMap(DiskSpec::id, DiskSpec::size));
        for (DiskSpec disk : wanted.disks()) {
            if (disk.size().compareTo(before.getOrDefault(disk.id(), disk.size())) > 0) {
                steps.driver(wanted).require(DiskGrowing.class).growDisk(p.id(), disk.id(), disk.size());
            }
        }
    }

    private void putBack(Parameters p, StepContext context) {
        restoreRow(p);
        steps.define(p.id(), context);
    }

    private void rebuild(Parameters p, StepContext context) {
        Instance wanted = steps.require(p.id());
        steps.driver(wanted).require(Rebuilding.class).rebuild(wanted.definition(), context.progress());
        context.put(REBUILT, "true");
    }

    /** What was rebuilt has lost its old disk; row and node go on with the new one even if the start fails. */
    private void putBackUnlessRebuilt(Parameters p, StepContext context) {
        if (context.get(REBUILT).isPresent()) {
            return;
        }
        restoreRow(p);
        if (!p.volumes().isEmpty()) {
            steps.define(p.id(), context); // so that nothing keeps them from being removed
        }
    }

    private void changeMedia(Parameters p) {
        Instance wanted = steps.require(p.id());
        MediaChanging media = steps.driver(wanted).require(MediaChanging.class);
        Map<UUID, DiskSpec> before =
                p.before().disks().stream().collect(Collectors.toMap(DiskSpec::id, Function.identity()));
        for (DiskSpec drive : wanted.disks()) {
            if (!drive.equals(before.get(drive.id()))) {
                media.changeMedia(p.id(), drive.id(), drive.image());
            }
        }
    }

    private void putBackMedia(Parameters p, StepContext context) {
        Instance tried = steps.require(p.id());
        restoreRow(p);
        MediaChanging media = steps.driver(tried).require(MediaChanging.class);
        for (DiskSpec drive : p.before().disks()) {
            if (!tried.disks().contains(drive)) {
                media.changeMedia(p.id(), drive.id(), drive.image());
            }
        }
    }

    private void restoreRow(Parameters p) {
        QuarkusTransaction.requiringNew().run(() -> store.restore(p.before(), p.actor()));
    }

    @Override
    public void finished(Parameters p, OperationView operation) {
        if (operation.state() != OperationState.SUCCEEDED && !rebuilt(p)) {
            quota.release(operation.id());
            volumes.forget(p.volumes(), p.actor());
            return;
        }
        quota.commit(operation.id());
        if (!p.volumes().isEmpty()) {
            volumes.settle(p.id(), p.actor());
        }
        store.announce("instance.changed", steps.require(p.id()), p.actor());
    }

    /** Whether the row still says what a rebuild was to make, although a later step failed. */
    private boolean rebuilt(Parameters p) {
        Instance now = steps.require(p.id());
        return p.kind() == Kind.REBUILD
                && !(now.disks().equals(p.before().disks())
                        && now.spec().equals(p.before().spec()));
    }
}
