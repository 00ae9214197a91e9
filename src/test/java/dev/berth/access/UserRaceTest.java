package dev.berth.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.app.TestDatabase;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** Users that are made and changed at the same time. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class UserRaceTest {
    private static final String PASSWORD = "correct horse battery";

    @Inject
    Users users;

    /** Does something in as many threads; returns the code that each was refused with, or empty. */
    private static List<Optional<ErrorCode>> atOnce(int threads, IntConsumer work) throws Exception {
        CountDownLatch all = new CountDownLatch(threads);
        List<Future<Optional<ErrorCode>>> running = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int i = 0; i < threads; i++) {
                int number = i;
                running.add(pool.submit(() -> {
                    all.countDown();
                    all.await();
                    try {
                        work.accept(number);
                        return Optional.empty();
                    } catch (BerthException e) {
                        return Optional.of(e.code());
                    }
                }));
            }
        }
        List<Optional<ErrorCode>> codes = new ArrayList<>();
        for (Future<Optional<ErrorCode>> one : running) {
            codes.add(one.get());
        }
        return codes;
    }

    private User user(String name, String role) {
        return users.create(name, PASSWORD, role, Caller.SYSTEM);
    }

    private void role(User user, String role) {
        users.change(user.id(), new Users.Change(null, role, null), Caller.SYSTEM);
    }

    @Test
    void aNameIsGivenOnce() throws Exception {
        List<Optional<ErrorCode>> codes = atOnce(4, number -> user(number % 2 == 0 ? "Twin" : "tWIN", Roles.VIEWER));
        assertThat(codes)
                .containsExactlyInAnyOrder(
                        Optional.empty(),
                        Optional.of(ErrorCode.NAME_TAKEN),
                        Optional.of(ErrorCode.NAME_TAKEN),
                        Optional.of(ErrorCode.NAME_TAKEN));
    }

    @Test
    void theLastTwoAdminsCannotDemoteEachOther() throws Exception {
        List<User> pair = List.of(user("castor", Roles.ADMIN), user("pollux", Roles.ADMIN));
        List<User> others = users.list().stream()
                .filter(user -> user.role().equals(Roles.ADMIN) && !user.disabled())
                .filter(user -> pair.stream().noneMatch(one -> one.id().equals(user.id())))
                .toList();
        others.forEach(user -> role(user, Roles.VIEWER));
        try {
            List<Optional<ErrorCode>> codes = atOnce(2, number -> role(pair.get(number), Roles.VIEWER));
            assertThat(codes).contains(Optional.empty()).hasSize(2);
            assertThat(codes.stream().flatMap(Optional::stream))
                    .singleElement()
                    .isIn(ErrorCode.PROTECTED, ErrorCode.DATABASE_UNAVAILABLE);
            assertThat(users.list())
                    .filteredOn(user -> user.role().equals(Roles.ADMIN))
                    .hasSize(1);
        } finally {
            others.forEach(user -> role(user, Roles.ADMIN));
        }
    }

    @Test
    void ofChangesAtTheSameTimeEachIsDoneOrMayBeTriedAgain() throws Exception {
        User user = user("changing", Roles.VIEWER);
        List<Optional<ErrorCode>> codes =
                atOnce(6, number -> role(user, number % 2 == 0 ? Roles.OPERATOR : Roles.VIEWER));
        assertThat(codes).contains(Optional.empty());
        assertThat(codes.stream().flatMap(Optional::stream)).allMatch(ErrorCode.DATABASE_UNAVAILABLE::equals);
        assertThat(users.require(user.id()).version())
                .as("a change for each that was done, if it changed anything")
                .isBetween(1L, codes.stream().filter(Optional::isEmpty).count());
    }
}
