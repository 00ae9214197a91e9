package dev.berth.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.app.TestDatabase;
import dev.berth.sql.Sql;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong with a request: the documented problem, and nothing left behind. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(FileImageNode.class)
class BadInputTest {
    @Inject
    Sql sql;

    @BeforeEach
    void prepare() {
        Household.prepare();
    }

    static Stream<BadCase> cases() {
        return Stream.of(BadBodies.all(), BadRequests.all(), BadContainers.all())
                .flatMap(List::stream);
    }

    @Test
    void theTableIsLong() {
        assertThat(cases().map(BadCase::what).distinct().count()).isGreaterThan(200);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isRefusedAndLeavesNothing(BadCase bad) {
        Residue before = Residue.of(sql, FileImageNode.store());
        long operations = operations();
        bad.check();
        assertThat(operations()).isEqualTo(operations);
        assertThat(Residue.of(sql, FileImageNode.store())).isEqualTo(before);
    }

    private long operations() {
        return sql.query(row -> row.getLong(1), "select count(*) from operation")
                .getFirst();
    }
}
