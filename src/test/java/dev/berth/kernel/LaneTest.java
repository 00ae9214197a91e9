package dev.berth.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class LaneTest {
    @AutoClose("shutdownNow")
    private final ExecutorService threads = Threads.shared(Threads.daemons("lane-test"));

    private final CountDownLatch held = new CountDownLatch(1);

    @Test
    void workInTurnNeedsOneThread() throws Exception {
        Lane one = new Lane(threads, 24, 10);
        Lane other = new Lane(threads, 24, 10);
        Set<Thread> used = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 20; i++) {
            CountDownLatch done = new CountDownLatch(1);
            (i % 2 == 0 ? one : other).execute(() -> {
                used.add(Thread.currentThread());
                done.countDown();
            });
            await(done);
            // It becomes idle a moment after it has told that it is done.
            Thread.sleep(20);
        }

        assertThat(used).hasSizeLessThan(4);
    }

    @Test
    void aFullLaneHoldsNoOtherBackAndRejectsWhatIsTooMuch() throws Exception {
        Lane full = new Lane(threads, 2, 1);
        Lane other = new Lane(threads, 2, 1);
        CountDownLatch begun = new CountDownLatch(2);
        List<String> done = new CopyOnWriteArrayList<>();
        CountDownLatch all = new CountDownLatch(3);
        for (int i = 0; i < 2; i++) {
            full.execute(() -> {
                begun.countDown();
                uninterrupted(held);
                all.countDown();
            });
        }
        await(begun);
        full.execute(() -> {
            done.add("waited");
            all.countDown();
        });

        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> full.execute(() -> {}));
        CountDownLatch beside = new CountDownLatch(1);
        other.execute(beside::countDown);
        await(beside);
        assertThat(done).isEmpty();

        held.countDown();
        await(all);
        assertThat(done).containsExactly("waited");
    }

    @Test
    void workThatFailsLeavesItsPlaceToTheNext() throws Exception {
        Lane lane = new Lane(Threads.shared(Threads.daemons("lane-failing")), 1, 10);
        CountDownLatch done = new CountDownLatch(5);
        lane.execute(() -> uninterrupted(held));
        for (int i = 0; i < 5; i++) {
            lane.execute(() -> {
                done.countDown();
                Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> {});
                throw new IllegalStateException("on purpose");
            });
        }
        held.countDown();
        await(done);

        CountDownLatch after = new CountDownLatch(1);
        lane.execute(after::countDown);
        await(after);
    }

    @Test
    void whatTheThreadsRefuseTakesNoPlace() {
        ExecutorService closed = Threads.shared(Threads.daemons("lane-closed"));
        closed.shutdownNow();
        Lane lane = new Lane(closed, 1, 0);

        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(RejectedExecutionException.class)
                    .isThrownBy(() -> lane.execute(() -> {}))
                    .withMessageNotContaining("wait already");
        }
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private static void uninterrupted(CountDownLatch latch) {
        try {
            await(latch);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
