package dev.berth.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HandoverTest {
    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE);
    private final Handover<String> handover = new Handover<>(time::get);
    private final UUID id = UUID.randomUUID();

    @Test
    void whatIsLeftIsTakenOnce() {
        handover.leave(id, "one");
        assertThat(handover.take(UUID.randomUUID())).isEmpty();
        assertThat(handover.take(id)).contains("one");
        assertThat(handover.take(id)).isEmpty();
    }

    @Test
    void whatWasTakenBackIsForgotten() {
        handover.leave(id, "one");
        handover.forget(id);
        assertThat(handover.take(id)).isEmpty();
    }

    /** By then another controller may have worked on it. */
    @Test
    void whatWaitedForSecondsIsNotTaken() {
        handover.leave(id, "one");
        time.addAndGet(TimeUnit.SECONDS.toNanos(6));
        assertThat(handover.take(id)).isEmpty();
    }
}
