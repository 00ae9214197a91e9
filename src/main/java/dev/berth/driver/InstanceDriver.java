package dev.berth.driver;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** Runs instances of some kind on one node. See the package's rules: idempotent, blocking, complete definitions. */
public interface InstanceDriver extends AutoCloseable {
    DriverIdentity identify();

    Capabilities capabilities();

    /**
     * Makes the instance exist as defined: its disks and its configuration, without starting it.
     *
     * <p>An instance that exists is changed to the definition; what cannot change while it runs takes effect at its next
     * start. Disks that exist are kept. A failure leaves nothing that was not there before.
     */
    @Deadline(seconds = 3600)
    void define(InstanceDefinition definition, ProgressSink progress);

    /**
     * Starts it; returns when it runs, and as what it is seen then. Success if it runs already; resumes nothing that is
     * paused.
     */
    @Deadline(seconds = 120)
    ObservedState start(UUID id);

    /** {@link #define} and {@link #start} in one; what the first made stays when the second fails. */
    @Deadline(seconds = 3720)
    ObservedState run(InstanceDefinition definition, ProgressSink progress);

    /** Ends it; returns when it has ended. Success if it is stopped already. */
    @Deadline(seconds = 900)
    void stop(UUID id, StopMode mode, Duration timeout);

    /** Ends it and removes everything of it: configuration, disks, logs, snapshots. Success if it is gone already. */
    @Deadline(seconds = 300)
    void destroy(UUID id);

    /**
     * Looks at one instance.
     *
     * @throws BerthException NOT_FOUND when the hypervisor does not know it
     */
    ObservedState observe(UUID id);

    /** Looks at all instances that this driver made; foreign ones are left out. */
    List<ObservedState> observeAll();

    /** Begins to report events; returns at once. Callbacks come on one thread, in order, and must not block long. */
    @Deadline(seconds = 0)
    Subscription events(Consumer<DriverEvent> listener);

    /** Finds again what runs, and removes half-made leftovers of this driver. Called once when the agent starts. */
    @Deadline(seconds = 300)
    void recover();

    /** An optional part of the driver, if it declares it. */
    <C extends DriverCapability> Optional<C> capability(Class<C> type);

    @Override
    void close();

    /**
     * An optional part of the driver.
     *
     * @throws BerthException UNSUPPORTED when the driver does not declare it
     */
    default <C extends DriverCapability> C require(Class<C> type) {
        return capability(type).orElseThrow(() -> BerthException.of(
                        ErrorCode.UNSUPPORTED,
                        "The driver '" + identify().name() + "' does not support "
                                + Capability.of(type)
                                        .name()
                                        .toLowerCase(java.util.Locale.ROOT)
                                        .replace('_', ' ')
                                + ".")
                .with("capability", Capability.of(type).name()));
    }
}
