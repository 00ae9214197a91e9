package dev.berth.wire;

import dev.berth.kernel.Lane;
import dev.berth.kernel.Threads;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/**
 * Platform threads, because native calls pin virtual ones. Each method has a lane of its own, so that calls that hang can take
 * the places of calls of the same method only. A thread has the name of what it did last.
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
    /** A guest that does not shut down keeps its call waiting; another one's call must come through all the same. */
    static final int WORKING = 128;

    private static final int WAITING = 1000;
    private final ExecutorService threads = Threads.shared(Threads.daemons("call"));
    private final Map<String, Executor> lanes = new ConcurrentHashMap<>();

    Executor of(WireMethod method) {
        return lanes.computeIfAbsent(method.label(), this::lane);
    }

    private Executor lane(String method) {
        Lane lane = new Lane(threads, LOOKS.contains(method) ? LOOKING : WORKING, WAITING);
        return work -> lane.execute(() -> named(method, work));
    }

    /** So that a thread dump tells what is called, and of what. */
    private static void named(String method, Runnable work) {
        Thread thread = Thread.currentThread();
        String idle = thread.getName();
        thread.setName(method);
        try {
            work.run();
        } finally {
            thread.setName(idle);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
