package dev.berth.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class DelayedLaneTest {
    @AutoClose
    private final DelayedLane lane = new DelayedLane("delayed-test", 30);

    @Test
    void workThatHangsKeepsNobodyElsesFromItsTime() throws Exception {
        CountDownLatch hanging = new CountDownLatch(29);
        for (int i = 0; i < 29; i++) {
            lane.after(Duration.ofMillis(1), () -> {
                hanging.countDown();
                hang();
            });
        }
        assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();

        CountDownLatch done = new CountDownLatch(1);
        lane.after(Duration.ofMillis(5), done::countDown);

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void itIsDoneAfterItsDelay() throws Exception {
        long begun = System.nanoTime();
        CountDownLatch done = new CountDownLatch(1);

        lane.after(Duration.ofMillis(200), done::countDown);

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(200));
    }

    @Test
    void nothingIsDoneAfterTheEnd() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        lane.after(Duration.ofMillis(100), done::countDown);
        lane.close();
        lane.after(Duration.ZERO, done::countDown);

        assertThat(done.await(300, TimeUnit.MILLISECONDS)).isFalse();
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
