package dev.berth.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.app.TestDatabase;
import dev.berth.kernel.Subject;
import dev.berth.kernel.Uuids;
import dev.berth.sql.Sql;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is forgotten after its time, and what is not. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RetentionTest {
    @Inject
    Operations operations;

    @Inject
    EngineTest.Recording recording;

    @Inject
    OperationRetention retention;

    @Inject
    Sql sql;

    @Test
    void operationsAreForgottenThirtyDaysAfterTheirEnd() {
        UUID old = ended();
        UUID recent = ended();
        UUID unfinished = ended();
        QuarkusTransaction.requiringNew().run(() -> {
            sql.update("insert into operation_log (operation, at, text) values (?, now(), 'a line')", old);
            sql.update("update operation set finished_at = now() - interval '31 days' where id = ?", old);
            sql.update("update operation set finished_at = now() - interval '29 days' where id = ?", recent);
            sql.update(
                    "update operation set finished_at = null, created_at = now() - interval '99 days' where id = ?",
                    unfinished);
        });
        retention.sweep();
        assertThat(operations.find(old)).isEmpty();
        assertThat(operations.log(old)).isEmpty();
        assertThat(operations.find(recent)).isPresent();
        assertThat(operations.find(unfinished)).isPresent();
    }

    private UUID ended() {
        UUID id = Uuids.next();
        QuarkusTransaction.requiringNew()
                .run(() -> operations.submit(new OperationRequest<>(
                        id,
                        recording,
                        new EngineTest.Recording.Plan("r", "", id.toString()),
                        null,
                        new Subject("test", id, "test"),
                        id.toString(),
                        "tester")));
        assertThat(Ends.await(operations, id, Duration.ofSeconds(20)).state()).isEqualTo(OperationState.SUCCEEDED);
        return id;
    }
}
