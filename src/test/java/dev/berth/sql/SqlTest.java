package dev.berth.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.berth.app.TestDatabase;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SqlTest {
    private static final String LOCK = "select pg_advisory_xact_lock(?)";

    @Inject
    Sql sql;

    @Test
    void oneOfTwoThatWaitForEachOtherMayTryAgain() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<?> forward = threads.submit(() -> lock(both, 7001, 7002));
            Future<?> back = threads.submit(() -> lock(both, 7002, 7001));
            List<Throwable> failures =
                    Stream.of(forward, back).flatMap(SqlTest::failure).toList();
            assertThat(failures).singleElement().isInstanceOfSatisfying(BerthException.class, failure -> {
                assertThat(failure.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
                assertThat(failure).hasMessageContaining("try again");
            });
        }
    }

    @Test
    void aStatementThatIsWrongIsOurFault() {
        BerthException failure = assertThrows(BerthException.class, () -> sql.update("update nothing set none = 1"));
        assertThat(failure.code()).isEqualTo(ErrorCode.INTERNAL);
    }

    private void lock(CountDownLatch both, long first, long second) {
        QuarkusTransaction.requiringNew().run(() -> {
            sql.query(row -> 0, LOCK, first);
            both.countDown();
            try {
                both.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            sql.query(row -> 0, LOCK, second);
        });
    }

    private static Stream<Throwable> failure(Future<?> future) {
        try {
            future.get();
            return Stream.empty();
        } catch (ExecutionException e) {
            return Stream.of(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
