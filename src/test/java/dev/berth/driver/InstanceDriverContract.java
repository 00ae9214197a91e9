package dev.berth.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every instance driver promises apart from its capabilities; see {@link CapabilityContract} for those. */
public abstract class InstanceDriverContract {
    private final List<UUID> made = new ArrayList<>();
    private ContractSubject subject = NoSubject.INSTANCE;

    /** Opens the driver; called before each test. */
    protected abstract ContractSubject open();

    @BeforeEach
    void openSubject() {
        subject = open();
    }

    @AfterEach
    void removeInstances() {
        made.forEach(id -> driver().destroy(id));
        List<UUID> left = driver().observeAll().stream()
                .map(ObservedState::id)
                .filter(made::contains)
                .toList();
        subject.close();
        assertThat(left).as("instances that survived destroy").isEmpty();
    }

    protected final ContractSubject subject() {
        return subject;
    }

    protected final InstanceDriver driver() {
        return subject.driver();
    }

    protected final InstanceDefinition next() {
        UUID id = UUID.randomUUID();
        made.add(id);
        return subject.definition(id, "contract-" + made.size());
    }

    protected final UUID defined() {
        InstanceDefinition definition = next();
        driver().define(definition, ProgressSink.NONE);
        return definition.id();
    }

    protected final UUID running() {
        UUID id = defined();
        driver().start(id);
        return id;
    }

    protected final RunState state(UUID id) {
        return driver().observe(id).state();
    }

    protected final <C extends DriverCapability> C capability(Class<C> type) {
        assumeTrue(driver().capability(type).isPresent(), "the driver does not declare " + type.getSimpleName());
        return driver().require(type);
    }

    protected static void fails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(BerthException.class, e -> assertThat(e.code())
                .as(e.message())
                .isEqualTo(code));
    }

    protected final void eventually(Supplier<String> otherwise, Supplier<Boolean> condition) {
        long end = System.nanoTime() + subject.patience().toNanos();
        while (!condition.get()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError(otherwise.get());
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void tellsWhoItIs() {
        assertThat(driver().identify().name()).isNotBlank();
        assertThat(driver().capabilities().kinds()).isNotEmpty();
    }

    @Test
    void handsOutExactlyTheCapabilitiesThatItDeclares() {
        for (Capability capability : Capability.values()) {
            assertThat(driver().capability(capability.type()).isPresent())
                    .as(capability.name())
                    .isEqualTo(driver().capabilities().has(capability));
        }
    }

    @Test
    void refusesCapabilitiesThatItDoesNotDeclare() {
        for (Capability capability : Capability.values()) {
            if (!driver().capabilities().has(capability)) {
                fails(ErrorCode.UNSUPPORTED, () -> driver().require(capability.type()));
            }
        }
    }

    @Test
    void aDefinedInstanceIsStopped() {
        UUID id = defined();
        ObservedState seen = driver().observe(id);
        assertThat(seen.state()).isEqualTo(RunState.STOPPED);
        assertThat(seen.startedAt()).isNull();
        assertThat(seen.addresses()).isEmpty();
    }

    @Test
    void observeAllListsAnInstanceOnce() {
        UUID id = defined();
        assertThat(driver().observeAll())
                .filteredOn(seen -> seen.id().equals(id))
                .hasSize(1);
    }

    @Test
    void definingTwiceIsASuccess() {
        InstanceDefinition definition = next();
        driver().define(definition, ProgressSink.NONE);
        driver().define(definition, ProgressSink.NONE);
        assertThat(driver().observeAll())
                .filteredOn(seen -> seen.id().equals(definition.id()))
                .hasSize(1);
    }

    @Test
    void aRunningInstanceKeepsRunningWhenItIsDefinedAgain() {
        InstanceDefinition definition = next();
        driver().define(definition, ProgressSink.NONE);
        driver().start(definition.id());
        InstanceDefinition bigger = new InstanceDefinition(
                definition.id(),
                "renamed",
                definition.project(),
                new CpuCount(2),
                new CpuCount(2),
                definition.memory(),
                definition.maxMemory(),
                definition.disks(),
                definition.nics(),
                definition.publications(),
                definition.spec());
        driver().define(bigger, ProgressSink.NONE);
        assertThat(state(definition.id())).isEqualTo(RunState.RUNNING);
    }

    @Test
    void aFailedDefineLeavesNothingBehind() {
        InstanceDefinition good = next();
        List<DiskSpec> disks = new ArrayList<>(good.disks());
        disks.add(subject.impossibleDisk());
        InstanceDefinition bad = new InstanceDefinition(
                good.id(),
                good.name(),
                good.project(),
                good.cpus(),
                good.maxCpus(),
                good.memory(),
                good.maxMemory(),
                disks,
                good.nics(),
                good.publications(),
                good.spec());
        assertThatThrownBy(() -> driver().define(bad, ProgressSink.NONE)).isInstanceOf(BerthException.class);
        fails(ErrorCode.NOT_FOUND, () -> driver().observe(good.id()));
        driver().define(good, ProgressSink.NONE);
        assertThat(state(good.id())).isEqualTo(RunState.STOPPED);
    }

    @Test
    void startsAnInstance() {
        assertThat(state(running())).isEqualTo(RunState.RUNNING);
    }

    @Test
    void startingTwiceIsASuccess() {
        UUID id = running();
        driver().start(id);
        assertThat(state(id)).isEqualTo(RunState.RUNNING);
    }

    @Test
    void definesAndStartsInOneCall() {
        InstanceDefinition definition = next();
        assertThat(driver().run(definition, ProgressSink.NONE).state()).isEqualTo(RunState.RUNNING);
        assertThat(driver().run(definition, ProgressSink.NONE).state()).isEqualTo(RunState.RUNNING);
        assertThat(state(definition.id())).isEqualTo(RunState.RUNNING);
    }

    @Test
    void cutsThePower() {
        UUID id = running();
        driver().stop(id, StopMode.FORCE, Duration.ZERO);
        assertThat(state(id)).isEqualTo(RunState.STOPPED);
    }

    @Test
    void stoppingTwiceIsASuccess() {
        UUID id = running();
        driver().stop(id, StopMode.FORCE, Duration.ZERO);
        for (StopMode mode : StopMode.values()) {
            driver().stop(id, mode, Duration.ofSeconds(1));
        }
        assertThat(state(id)).isEqualTo(RunState.STOPPED);
    }

    @Test
    void endsByForceWhenTheTimeIsOver() {
        UUID id = running();
        driver().stop(id, StopMode.GRACEFUL_THEN_FORCE, Duration.ofMillis(300));
        assertThat(state(id)).isEqualTo(RunState.STOPPED);
    }

    @Test
    void runsAgainAfterAStop() {
        UUID id = running();
        driver().stop(id, StopMode.FORCE, Duration.ZERO);
        driver().start(id);
        assertThat(state(id)).isEqualTo(RunState.RUNNING);
    }

    @Test
    void destroysARunningInstance() {
        UUID id = running();
        driver().destroy(id);
        fails(ErrorCode.NOT_FOUND, () -> driver().observe(id));
    }

    @Test
    void destroyingTwiceIsASuccess() {
        UUID id = defined();
        driver().destroy(id);
        driver().destroy(id);
        driver().destroy(UUID.randomUUID());
    }

    @Test
    void knowsNoForeignInstances() {
        UUID unknown = UUID.randomUUID();
        fails(ErrorCode.NOT_FOUND, () -> driver().observe(unknown));
        fails(ErrorCode.NOT_FOUND, () -> driver().start(unknown));
        fails(ErrorCode.NOT_FOUND, () -> driver().stop(unknown, StopMode.FORCE, Duration.ZERO));
    }

    @Test
    void tellsWhenAnInstanceStartsAndStops() {
        List<DriverEvent> heard = new CopyOnWriteArrayList<>();
        UUID id = defined();
        try (Subscription ignored = driver().events(heard::add)) {
            driver().start(id);
            eventually(() -> "no event of the start: " + heard, () -> told(heard, id, RunState.RUNNING));
            driver().stop(id, StopMode.FORCE, Duration.ZERO);
            eventually(() -> "no event of the stop: " + heard, () -> told(heard, id, RunState.STOPPED));
        }
    }

    @Test
    void tellsWhenAnInstanceIsGone() {
        List<DriverEvent> heard = new CopyOnWriteArrayList<>();
        UUID id = defined();
        try (Subscription ignored = driver().events(heard::add)) {
            driver().destroy(id);
            eventually(() -> "no event: " + heard, () -> heard.contains(new DriverEvent.Gone(id)));
        }
    }

    @Test
    void tellsNothingAfterTheSubscriptionIsClosed() {
        List<DriverEvent> closed = new CopyOnWriteArrayList<>();
        List<DriverEvent> open = new CopyOnWriteArrayList<>();
        UUID id = defined();
        Subscription first = driver().events(closed::add);
        first.close();
        first.close();
        try (Subscription ignored = driver().events(open::add)) {
            driver().start(id);
            eventually(() -> "no event", () -> told(open, id, RunState.RUNNING));
        }
        assertThat(closed).isEmpty();
    }

    @Test
    void recoveringKeepsWhatIsWhole() {
        UUID stopped = defined();
        UUID running = running();
        driver().recover();
        assertThat(state(stopped)).isEqualTo(RunState.STOPPED);
        assertThat(state(running)).isEqualTo(RunState.RUNNING);
    }

    private static boolean told(List<DriverEvent> heard, UUID id, RunState state) {
        return heard.stream()
                .anyMatch(event -> event instanceof DriverEvent.Changed changed
                        && changed.state().id().equals(id)
                        && changed.state().state() == state);
    }
}
