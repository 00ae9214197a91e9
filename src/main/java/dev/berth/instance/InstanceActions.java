package dev.berth.instance;

import dev.berth.access.Caller;
import dev.berth.driver.InstanceKind;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Uuids;
import dev.berth.operation.OperationView;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Power and deletion of instances. */
@ApplicationScoped
public class InstanceActions {
    private static final int LONGEST_SHUTDOWN = 800;
    private final InstanceStore store;
    private final InstanceSubmission submission;
    private final ChangePower changePower;
    private final DeleteInstance deleteInstance;

    InstanceActions(
            InstanceStore store,
            InstanceSubmission submission,
            ChangePower changePower,
            DeleteInstance deleteInstance) {
        this.store = store;
        this.submission = submission;
        this.changePower = changePower;
        this.deleteInstance = deleteInstance;
    }

    /**
     * Changes the power state, in turn with everything else that happens to the instance.
     *
     * @param timeoutSeconds how long the guest may take to shut down, 1 to 800
     * @param force whether to cut the power after that
     */
    @Transactional
    public OperationView power(InstanceView view, Power verb, int timeoutSeconds, boolean force, Caller caller) {
        if (timeoutSeconds < 1 || timeoutSeconds > LONGEST_SHUTDOWN) {
            throw BerthException.invalid("/timeout", "timeout is between 1 and " + LONGEST_SHUTDOWN + " seconds.");
        }
        if (verb == Power.RESET && view.kind() == InstanceKind.CONTAINER) {
            throw BerthException.of(ErrorCode.UNSUPPORTED, "A container has no reset button; restart it.");
        }
        Changeable.check(view);
        checkPower(view, verb);
        Instance instance = lock(view);
        store.desire(instance, verb.leavesRunning(), caller.name());
        return submission.submit(
                Uuids.next(),
                changePower,
                new ChangePower.Parameters(instance.id(), verb, timeoutSeconds, force),
                instance,
                caller);
    }

    /** Refuses at once what makes no sense now; while operations are under way the last word is the driver's. */
    private static void checkPower(InstanceView view, Power verb) {
        if (view.operation() != null) {
            return;
        }
        InstanceView.State state = view.state();
        switch (verb) {
            case PAUSE, RESET, RESTART -> {
                if (state != InstanceView.State.RUNNING) {
                    throw Changeable.wrong(view, "start it first");
                }
            }
            case RESUME -> {
                if (state != InstanceView.State.PAUSED && state != InstanceView.State.RUNNING) {
                    throw Changeable.wrong(view, "only a paused instance can be resumed");
                }
            }
            case START, SHUTDOWN, STOP -> {
                // Success if it is so already.
            }
        }
    }

    /**
     * Removes an instance with its disks and snapshots.
     *
     * @param force also when it runs
     * @param keepVolumes whether volumes that were made for it stay
     */
    @Transactional
    public OperationView delete(InstanceView view, boolean force, boolean keepVolumes, Caller caller) {
        if (view.deletionProtection()) {
            throw BerthException.of(
                    ErrorCode.PROTECTED,
                    "'" + view.name() + "' is protected from deletion; lift the protection first.");
        }
        Changeable.check(view);
        if (!force && (view.state() == InstanceView.State.RUNNING || view.state() == InstanceView.State.PAUSED)) {
            throw Changeable.wrong(view, "stop it first, or delete with force=true");
        }
        Instance instance = lock(view);
        store.phase(instance, Instance.Phase.DELETING, caller.name());
        return submission.submit(
                Uuids.next(),
                deleteInstance,
                new DeleteInstance.Parameters(instance.id(), caller.name(), fate(instance, keepVolumes)),
                instance,
                caller);
    }

    private static DeleteInstance.@Nullable Fate fate(Instance instance, boolean keepVolumes) {
        return switch (instance.kind()) {
            case VM -> null;
            case CONTAINER -> keepVolumes ? DeleteInstance.Fate.KEEP : DeleteInstance.Fate.REMOVE;
        };
    }

    private Instance lock(InstanceView view) {
        UUID id = view.id();
        return store.lock(id)
                .filter(instance -> instance.phase() == Instance.Phase.READY)
                .orElseThrow(() -> BerthException.of(ErrorCode.WRONG_STATE, "The instance is being made or deleted."));
    }
}
