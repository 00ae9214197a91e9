package dev.berth.wire;

import dev.berth.kernel.Threads;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;

/**
 * Bounded pools of platform threads, because native calls pin virtual ones. Each method has a pool of its own, so that calls
 * that hang can take the places of calls of the same method only. Threads that have nothing to do end.
 */
final class Lanes implements AutoCloseable {
    private static final Set<String> LOOKS = Set.of(
            "InstanceDriver.identify",
            "InstanceDriver.capabilities",
            "InstanceDriver.observe",
            "InstanceDriver.observeAll",
            "Statistics.sampleAll",
            "Logs.tailLog",
            "RecordLogs.readLog",
            "Processes.processes",
            "VolumeDriver.volumes",
            "NodeProbe.facts",
            "NodeProbe.usage");
    private static final int LOOKING = 6;
    private static final int WORKING = 24;
    private static final int WAITING = 1000;
    private final Map<String, ExecutorService> pools = new ConcurrentHashMap<>();

    private static ExecutorService pool(String method) {
        int threads = LOOKS.contains(method) ? LOOKING : WORKING;
        return Threads.pool(
                threads,
                WAITING,
                Thread.ofPlatform().daemon().name(method + "-", 0).factory());
    }

    ExecutorService of(WireMethod method) {
        return pools.computeIfAbsent(method.label(), Lanes::pool);
    }

    @Override
    public void close() {
        pools.values().forEach(ExecutorService::shutdownNow);
    }
}
