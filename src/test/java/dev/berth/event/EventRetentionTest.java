package dev.berth.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.app.TestDatabase;
import dev.berth.installation.Await;
import dev.berth.kernel.Subject;
import dev.berth.kernel.Uuids;
import dev.berth.sql.Sql;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Old events go, and readers are told where the rest begins. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class EventRetentionTest {
    @Inject
    EventReader reader;

    @Inject
    Outbox outbox;

    @Inject
    Sql sql;

    @Test
    void eventsBeforeATimeAreDeletedAndTheOldestMovesUp() {
        String type = "test." + Uuids.next();
        for (int i = 0; i < 3; i++) {
            QuarkusTransaction.requiringNew()
                    .run(() -> outbox.append(
                            new NewEvent(type, null, new Subject("test", Uuids.next(), "test"), "tester", Map.of())));
        }
        numberAll(type);
        List<Long> numbers = numbers(type);
        assertThat(numbers).hasSize(3).isSorted();
        QuarkusTransaction.requiringNew()
                .run(() -> sql.update(
                        "update event set at = now() - interval '25 hours' where sequence <= ?", numbers.get(1)));
        QuarkusTransaction.requiringNew()
                .run(() -> reader.deleteBefore(Instant.now().minus(24, ChronoUnit.HOURS)));
        assertThat(numbers(type)).containsExactly(numbers.get(2));
        assertThat(reader.oldest()).isGreaterThan(numbers.get(1));
        assertThat(reader.after(0, 10_000))
                .allSatisfy(event -> assertThat(event.sequence()).isGreaterThan(numbers.get(1)));
    }

    /** The controller numbers events, too; while it does, nobody else can. */
    private void numberAll(String type) {
        Await.until(Duration.ofSeconds(20), () -> "events without a number: " + numbers(type), () -> {
            reader.number();
            return !numbers(type).contains(0L);
        });
    }

    private List<Long> numbers(String type) {
        return sql.query(row -> row.getLong(1), "select sequence from event where type = ? order by sequence", type);
    }
}
