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
import java.util.stream.IntStream;
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

    @Test
    void whatWaitsIsSeenByTheNextStatementAndWrittenAtTheEnd() {
        sql.update("create table later_test (n int primary key)");
        try {
            QuarkusTransaction.requiringNew().run(() -> {
                sql.later("insert into later_test values (?)", 1);
                sql.later("insert into later_test select n + ? from later_test", 1);
                assertThat(sql.update("update later_test set n = n + ?", 10)).isEqualTo(2);
                sql.later("insert into later_test values (?)", 3);
                assertThat(rows()).containsExactly(3, 11, 12);
                IntStream.range(20, 60).forEach(n -> sql.later("insert into later_test values (?)", n));
            });
            assertThat(rows()).hasSize(43).endsWith(59);
            sql.later("delete from later_test where n > ?", 12);
            assertThat(rows()).as("outside a transaction").containsExactly(3, 11, 12);
        } finally {
            sql.update("drop table later_test");
        }
    }

    @Test
    void whatFailsAtTheEndTakesTheTransactionBack() {
        sql.update("create table later_test (n int primary key)");
        try {
            RuntimeException failure = assertThrows(RuntimeException.class, () -> QuarkusTransaction.requiringNew()
                    .run(() -> {
                        sql.update("insert into later_test values (1)");
                        sql.later("insert into later_test values (1)");
                    }));
            assertThat(failure).hasRootCauseMessage("""
                            ERROR: duplicate key value violates unique constraint "later_test_pkey"
                              Detail: Key (n)=(1) already exists.""");
            assertThat(rows()).isEmpty();
            assertThrows(IllegalStateException.class, () -> QuarkusTransaction.requiringNew()
                    .run(() -> {
                        sql.later("insert into later_test values (2)");
                        throw new IllegalStateException("rolled back");
                    }));
            assertThat(rows()).isEmpty();
        } finally {
            sql.update("drop table later_test");
        }
    }

    private List<Integer> rows() {
        return sql.query(row -> row.getInt(1), "select n from later_test order by n");
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
