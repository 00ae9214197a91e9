package dev.berth.driver.lxc;

import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.LiveLimits;
import dev.berth.driver.LiveResizing;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Writes the limits of a running container into its control groups. */
final class ContainerLimits implements LiveLimits, LiveResizing {
    private final Containers containers;

    ContainerLimits(Containers containers) {
        this.containers = containers;
    }

    @Override
    public void applyLimits(InstanceDefinition definition) {
        UUID id = definition.id();
        Map<String, Long> limits = LimitWords.of(definition);
        containers.locked(id, () -> write(id, limits));
    }

    @Override
    public void resize(UUID id, CpuCount cpus, DataSize memory) {
        InstanceDefinition definition = containers.definition(id);
        if (cpus.value() > definition.maxCpus().value()
                || memory.bytes() > definition.maxMemory().bytes()) {
            throw BerthException.invalid(
                    "/memory", "A running instance grows up to its maxima only; stop it to go beyond them.");
        }
        applyLimits(definition.withSize(cpus, memory));
    }

    private void write(UUID id, Map<String, Long> limits) {
        RunStatus status = containers.running(id, "Limits of a stopped instance come into force at its next start.");
        Cgroup cgroup = Cgroup.of(id, status.init()).orElseThrow(() -> Failures.notFound(id));
        List<LiveWords> words = new ArrayList<>();
        limits.forEach((limit, value) -> words.addAll(LiveWords.of(limit, value, cgroup)));
        words.addAll(LiveWords.memory(limit(limits, LimitWords.MEMORY), limit(limits, LimitWords.SWAP), cgroup));
        words.forEach(word -> write(cgroup, word));
    }

    private static long limit(Map<String, Long> limits, String name) {
        return limits.getOrDefault(name, 0L);
    }

    private static void write(Cgroup cgroup, LiveWords word) {
        Path file = cgroup.of(word.controller())
                .map(directory -> directory.resolve(word.name()))
                .orElse(null);
        if (file == null || (!word.required() && !Files.exists(file))) {
            return;
        }
        try {
            Files.writeString(file, word.value());
        } catch (IOException e) {
            throw BerthException.of(
                    ErrorCode.INVALID_ARGUMENT,
                    "The limit " + word.name() + " cannot become " + word.value()
                            + " now; the instance may use more already.",
                    e);
        }
    }
}
