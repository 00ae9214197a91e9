package dev.berth.driver.fake;

import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.NicSpec;
import dev.berth.driver.ObservedState;
import dev.berth.driver.RunState;
import dev.berth.driver.SnapshotState;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Ipv4;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One instance of the fake node. Guarded by its own lock. */
final class FakeInstance {
    private static final int LOG_LIMIT = 256 * 1024;
    final Map<UUID, Snapshot> snapshots = new LinkedHashMap<>();
    final Map<UUID, DataSize> disks = new HashMap<>();
    final FakeContainer container = new FakeContainer();
    private InstanceDefinition definition;
    private RunState state = RunState.STOPPED;
    private @Nullable Instant startedAt;
    private byte[] log = new byte[0];

    FakeInstance(InstanceDefinition definition) {
        this.definition = definition;
        define(definition);
    }

    /** What a snapshot keeps. */
    record Snapshot(SnapshotState state, InstanceDefinition definition, Map<UUID, DataSize> disks, FakeFiles files) {}

    synchronized void define(InstanceDefinition next) {
        definition = next;
        next.disks().forEach(disk -> disks.merge(disk.id(), disk.size(), FakeInstance::larger));
        disks.keySet().removeIf(id -> next.disks().stream().noneMatch(d -> d.id().equals(id)));
    }

    private static DataSize larger(DataSize a, DataSize b) {
        return a.bytes() >= b.bytes() ? a : b;
    }

    synchronized InstanceDefinition definition() {
        return definition;
    }

    synchronized RunState state() {
        return state;
    }

    /** Changes the state; a fresh start prints what a guest prints. */
    synchronized void enter(RunState next, Instant now) {
        boolean boots = next == RunState.RUNNING && state != RunState.PAUSED && state != RunState.RUNNING;
        if (boots) {
            startedAt = now;
            print("\r\nBerth fake guest " + definition.name() + "\r\nGUEST-UP "
                    + addresses().stream()
                            .map(Ipv4::value)
                            .reduce((a, b) -> a + " " + b)
                            .orElse("") + "\r\n");
        }
        if (next == RunState.STOPPED || next == RunState.CRASHED) {
            startedAt = null;
        }
        state = next;
    }

    synchronized void require(RunState... allowed) {
        if (!Arrays.asList(allowed).contains(state)) {
            throw BerthException.of(
                    ErrorCode.WRONG_STATE,
                    "'" + definition.name() + "' is " + state.name().toLowerCase(java.util.Locale.ROOT) + ".");
        }
    }

    synchronized ObservedState observe(Instant now) {
        boolean up = state == RunState.RUNNING || state == RunState.PAUSED;
        return new ObservedState(
                definition.id(),
                state,
                container.reason,
                up ? addresses() : List.of(),
                container.exit,
                container.health,
                startedAt,
                now);
    }

    private List<Ipv4> addresses() {
        return definition.nics().stream()
                .map(NicSpec::address)
                .filter(Objects::nonNull)
                .toList();
    }

    synchronized @Nullable Instant startedAt() {
        return startedAt;
    }

    synchronized void print(String text) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(log);
        all.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        byte[] bytes = all.toByteArray();
        log = bytes.length <= LOG_LIMIT ? bytes : Arrays.copyOfRange(bytes, bytes.length - LOG_LIMIT, bytes.length);
    }

    synchronized byte[] tail(int bytes) {
        return Arrays.copyOfRange(log, Math.max(0, log.length - bytes), log.length);
    }
}
