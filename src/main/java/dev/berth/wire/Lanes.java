package dev.berth.wire;

import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Bounded pools of platform threads: native calls pin virtual ones. A call that hangs takes one place of one lane. */
final class Lanes implements AutoCloseable {
    private static final Set<String> LOOKS = Set.of(
            "InstanceDriver.identify",
            "InstanceDriver.capabilities",
            "InstanceDriver.observe",
            "InstanceDriver.observeAll",
            "Statistics.sampleAll",
            "Logs.tailLog",
            "NodeProbe.facts",
            "NodeProbe.usage",
            "Consoles.openConsole");
    private final ExecutorService looks = pool("look", 12);
    private final ExecutorService work = pool("work", 48);

    private static ExecutorService pool(String name, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(1000),
                Thread.ofPlatform().daemon().name("driver-" + name + "-", 0).factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    ExecutorService of(WireMethod method) {
        return LOOKS.contains(method.label()) ? looks : work;
    }

    @Override
    public void close() {
        looks.shutdownNow();
        work.shutdownNow();
    }
}
