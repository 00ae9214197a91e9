package dev.berth.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.PersistenceException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class MappedFailuresTest {
    private static ErrorCode code(RuntimeException failure) {
        return ((BerthException) MappedFailures.translated(failure)).code();
    }

    @Test
    void aDatabaseThatIsAwayIsCalledThat() {
        SQLException lost = new SQLException("terminating connection due to administrator command", "57P01");
        assertThat(code(new PersistenceException("could not execute query", lost)))
                .isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
        assertThat(code(new IllegalStateException(new PersistenceException(new SQLException("no connection")))))
                .as("at the commit, from a pool without a connection")
                .isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
    }

    @Test
    void whatAnotherOneChangedMeanwhileMayBeTriedAgain() {
        assertThat(code(new PersistenceException(new OptimisticLockException("row was updated"))))
                .isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
    }

    @Test
    void ourOwnRefusalsAndMistakesStayWhatTheyAre() {
        BerthException refusal = BerthException.notFound("user", "nobody");
        assertThat(MappedFailures.translated(new IllegalStateException(refusal)))
                .isSameAs(refusal);
        RuntimeException mistake = new IllegalArgumentException("ours");
        assertThat(MappedFailures.translated(mistake)).isSameAs(mistake);
        assertThat(code(new PersistenceException(new SQLException("syntax error", "42601"))))
                .isEqualTo(ErrorCode.INTERNAL);
    }
}
