package dev.berth.driver.lxc;

import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.NicSpec;
import dev.berth.driver.ObservedState;
import dev.berth.driver.RunState;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Ipv4;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Puts together what is seen of a container: its status and exit files, its process 1, the freezer. */
final class Observer {
    private final Containers containers;
    private final HealthStates health;
    private final Clock clock;

    Observer(Containers containers, HealthStates health, Clock clock) {
        this.containers = containers;
        this.health = health;
        this.clock = clock;
    }

    ObservedState observe(UUID id) {
        return observe(id, RunStatus.read(containers.files(id)));
    }

    /** The same, for a caller who knows who runs it. */
    ObservedState observe(UUID id, RunStatus status) {
        return observe(id, Optional.of(status));
    }

    private ObservedState observe(UUID id, Optional<RunStatus> status) {
        InstanceDefinition definition = containers.definition(id);
        ContainerFiles files = containers.files(id);
        return status.filter(RunStatus::isAlive)
                .map(alive -> running(definition, files, alive, Cgroup.of(id, alive.init())))
                .orElseGet(() -> ended(id, files));
    }

    /** The same for one that has just been started: nobody has paused it, and it is short of nothing yet. */
    ObservedState started(UUID id, RunStatus status) {
        ContainerFiles files = containers.files(id);
        return status.isAlive()
                ? running(containers.definition(id), files, status, Optional.empty())
                : ended(id, files);
    }

    List<ObservedState> observeAll() {
        List<ObservedState> all = new ArrayList<>();
        for (UUID id : containers.known()) {
            try {
                all.add(observe(id));
            } catch (BerthException e) {
                if (e.code() != ErrorCode.NOT_FOUND) {
                    throw e;
                }
            }
        }
        return all;
    }

    private ObservedState running(
            InstanceDefinition definition, ContainerFiles files, RunStatus status, Optional<Cgroup> group) {
        UUID id = files.id();
        List<Ipv4> addresses = NetworkPlan.interfaces(definition).stream()
                .map(NicSpec::address)
                .filter(Objects::nonNull)
                .toList();
        return new ObservedState(
                id,
                group.filter(Cgroup::isFrozen).isPresent() ? RunState.PAUSED : RunState.RUNNING,
                Strain.of(group, status.init()),
                addresses,
                RunExit.read(files).map(exit -> exit(files, exit)).orElse(null),
                health.of(id),
                status.startedAt(),
                clock.instant());
    }

    private ObservedState ended(UUID id, ContainerFiles files) {
        Optional<RunExit> exit = RunExit.read(files);
        boolean byItself = new Wanted(files).holds();
        boolean failed = byItself && exit.map(RunExit::failed).orElse(false);
        return new ObservedState(
                id,
                failed ? RunState.CRASHED : RunState.STOPPED,
                exit.map(RunExit::reason).orElse(null),
                List.of(),
                exit.map(one -> exit(files, one)).orElse(null),
                null,
                null,
                clock.instant());
    }

    private static ObservedState.@Nullable Exit exit(ContainerFiles files, RunExit exit) {
        return new ObservedState.Exit(
                exit.exitCode(), exit.oom(), exit.pids(), exit.reason(), exit.endedAt(), new Wanted(files).restarts());
    }
}
