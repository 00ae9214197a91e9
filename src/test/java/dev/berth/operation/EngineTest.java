package dev.berth.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.app.TestDatabase;
import dev.berth.installation.Await;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Subject;
import dev.berth.kernel.Uuids;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class EngineTest {
    @Inject
    JdbcOperationStore store;

    @Inject
    Operations operations;

    @Inject
    Recording recording;

    @Test
    void succeedsAndTellsItsSteps() {
        OperationView ended = run(new Recording.Plan("a", "", Uuids.next().toString()));
        assertThat(ended.state()).isEqualTo(OperationState.SUCCEEDED);
        assertThat(ended.steps()).extracting(OperationView.StepView::state).containsExactly("done", "done", "done");
    }

    @Test
    void aFailureTakesEverythingBackNewestFirst() {
        String tag = Uuids.next().toString();
        OperationView ended = run(new Recording.Plan("b", "two", tag));
        assertThat(ended.state()).isEqualTo(OperationState.FAILED);
        assertThat(ended.error()).isNotNull().satisfies(error -> assertThat(error.code())
                .isEqualTo("no-capacity"));
        assertThat(recording.of(tag)).containsExactly("one", "two", "undo two", "undo one");
    }

    @Test
    void operationsOfOneQueueRunInOrderOfSubmission() throws Exception {
        String queue = "queue-" + Uuids.next();
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(submit(new Recording.Plan(queue, "", "q" + i + queue), queue));
        }
        for (UUID id : ids) {
            assertThat(Ends.await(operations, id, Duration.ofSeconds(20)).state())
                    .isEqualTo(OperationState.SUCCEEDED);
        }
        assertThat(recording.lines().stream()
                        .filter(line -> line.endsWith(queue))
                        .map(line -> line.split(" ")[0]))
                .containsExactlyElementsOf(java.util.stream.IntStream.range(0, 20)
                        .boxed()
                        .flatMap(i -> java.util.stream.Stream.of("q" + i, "q" + i, "q" + i)
                                .map(t -> t + queue))
                        .toList());
    }

    @Test
    void twoHundredSubmissionsAtOnceAllEnd() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(20)) {
            List<Future<UUID>> futures = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String queue = "many-" + i;
                futures.add(threads.submit(() -> submit(new Recording.Plan(queue, "", queue), queue)));
            }
            for (Future<UUID> future : futures) {
                UUID id = future.get(30, TimeUnit.SECONDS);
                assertThat(Ends.await(operations, id, Duration.ofSeconds(30)).state())
                        .isEqualTo(OperationState.SUCCEEDED);
            }
        }
    }

    @Test
    void theFirstOperationOfASubjectBeginsWithItsTransaction() {
        String tag = Uuids.next().toString();
        OperationView submitted = QuarkusTransaction.requiringNew().call(() -> operations.begin(first(tag)));
        assertThat(submitted.state()).isEqualTo(OperationState.RUNNING);
        assertThat(submitted.steps())
                .extracting(OperationView.StepView::state)
                .containsExactly("running", "pending", "pending");
        OperationView second = Ends.await(
                operations, submit(new Recording.Plan("e", "", tag + "-second"), tag), Duration.ofSeconds(20));
        OperationView ended = Ends.await(operations, submitted.id(), Duration.ofSeconds(20));
        assertThat(List.of(ended.state(), second.state())).containsOnly(OperationState.SUCCEEDED);
        assertThat(ended.finishedAt()).isBeforeOrEqualTo(second.startedAt());
        assertThat(recording.of(tag)).containsExactly("one", "two", "three");
    }

    @Test
    void whatATransactionTakesBackHasNotBegun() {
        String tag = Uuids.next().toString();
        QuarkusTransaction.begin();
        UUID id = operations.begin(first(tag)).id();
        QuarkusTransaction.rollback();
        assertThat(operations.find(id)).isEmpty();
        assertThat(store.claim(id)).isEmpty();
        assertThat(recording.of(tag)).isEmpty();
    }

    private OperationRequest<Recording.Plan> first(String tag) {
        UUID id = Uuids.next();
        Subject subject = new Subject("test", id, "test");
        Recording.Plan plan = new Recording.Plan("e", "", tag);
        return new OperationRequest<>(id, recording, plan, null, subject, tag, "tester");
    }

    @Test
    void whatOnlyAnotherVersionKnowsWaitsForItAndCanBeGivenUp() {
        String tag = Uuids.next().toString();
        UUID id = submit(new Elsewhere(recording), new Recording.Plan("c", "", tag), tag);
        Await.until(Duration.ofSeconds(20), () -> "it does not say what it waits for", () -> operations
                .find(id)
                .map(OperationView::waitingFor)
                .filter(reason -> reason.contains("test.elsewhere"))
                .isPresent());
        assertThat(operations.find(id)).hasValueSatisfying(waiting -> assertThat(operations.canBeGivenUp(waiting))
                .isTrue());
        OperationView ended = operations.giveUp(id, "admin");
        assertThat(operations.canBeGivenUp(ended)).isFalse();
        assertThat(ended.state()).isEqualTo(OperationState.FAILED);
        assertThat(operations.log(id)).last().satisfies(line -> assertThat(line.text())
                .contains("Given up by admin"));
        assertThat(run(new Recording.Plan("d", "", tag)).state())
                .as("the next one in its queue")
                .isEqualTo(OperationState.SUCCEEDED);
    }

    private OperationView run(Recording.Plan plan) {
        return Ends.await(operations, submit(plan, plan.tag()), Duration.ofSeconds(20));
    }

    private UUID submit(Recording.Plan plan, String queue) {
        return submit(recording, plan, queue);
    }

    private UUID submit(OperationType<Recording.Plan> type, Recording.Plan plan, String queue) {
        UUID id = Uuids.next();
        return QuarkusTransaction.requiringNew().call(() -> operations
                .submit(new OperationRequest<>(id, type, plan, null, new Subject("test", id, "test"), queue, "tester"))
                .id());
    }

    /** The engine does not know it, for it is no bean. */
    private record Elsewhere(Recording likeThis) implements OperationType<Recording.Plan> {
        @Override
        public String name() {
            return "test.elsewhere";
        }

        @Override
        public Class<Recording.Plan> parameters() {
            return likeThis.parameters();
        }

        @Override
        public List<Step<Recording.Plan>> steps(Recording.Plan parameters) {
            return likeThis.steps(parameters);
        }
    }

    /** Writes down what its steps do. */
    @ApplicationScoped
    public static class Recording implements OperationType<Recording.Plan> {
        private final List<String> log = new CopyOnWriteArrayList<>();

        /** Which step fails, and a tag to find its lines by. */
        public record Plan(String note, String failing, String tag) {}

        /** A copy; a method because callers hold a proxy. */
        List<String> lines() {
            return List.copyOf(log);
        }

        List<String> of(String tag) {
            return log.stream()
                    .filter(line -> line.startsWith(tag + " "))
                    .map(line -> line.substring(tag.length() + 1).replace(" " + tag, ""))
                    .toList();
        }

        @Override
        public String name() {
            return "test.recording";
        }

        @Override
        public Class<Plan> parameters() {
            return Plan.class;
        }

        @Override
        public List<Step<Plan>> steps(Plan parameters) {
            return List.of(step("one"), step("two"), step("three"));
        }

        private Step<Plan> step(String name) {
            return Step.of(
                    name,
                    (plan, context) -> {
                        log.add(plan.tag() + " " + name + (plan.note().startsWith("queue") ? " " + plan.note() : ""));
                        if (plan.failing().equals(name)) {
                            throw BerthException.of(ErrorCode.NO_CAPACITY, "full");
                        }
                    },
                    (plan, context) -> log.add(plan.tag() + " undo " + name));
        }
    }
}
