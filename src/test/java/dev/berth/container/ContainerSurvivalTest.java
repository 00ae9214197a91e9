package dev.berth.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.installation.Api;
import dev.berth.installation.Await;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Containers outlive the agent: it is killed while twenty of them run and five are being started. */
@Tag("packaged")
@Tag("lxc")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainerSurvivalTest {
    private static final int RUNNING = 20;
    private static final int STARTING = 5;
    private final Containers containers = Containers.open();

    /** Each container counts on its standard output, so that a gap can be seen. */
    @BeforeAll
    void image() {
        containers.upload(
                "counter",
                TestImage.busybox()
                        .file(
                                "count",
                                "#!/bin/sh\ni=0\nwhile :; do i=$((i+1)); echo n-$i; sleep 0.2; done\n",
                                "rwxr-xr-x")
                        .command("/count"));
    }

    @AfterAll
    void close() {
        containers.close();
    }

    @Test
    void agentIsKilledWhileTwentyRunAndFiveStart() {
        List<String> running = names("run-", RUNNING);
        List<Api.Answer> made = running.stream()
                .map(name -> containers.api().post(Containers.INSTANCES, Containers.body(name, "counter", "")))
                .toList();
        made.forEach(containers::succeeds);
        running.forEach(name -> containers.awaitLog(name, "n-3"));
        Map<String, Long> before = new HashMap<>();
        running.forEach(name -> before.put(name, containers.init(name)));

        List<String> starting = names("start-", STARTING);
        List<Api.Answer> begun = starting.stream()
                .map(name -> containers.api().post(Containers.INSTANCES, Containers.body(name, "counter", "")))
                .toList();
        CompletableFuture.runAsync(
                        () -> {}, CompletableFuture.delayedExecutor(60, java.util.concurrent.TimeUnit.MILLISECONDS))
                .join();
        containers.installation().killAgent();
        running.forEach(name -> assertThat(ProcessHandle.of(java.util.Objects.requireNonNull(before.get(name))))
                .as(name)
                .isPresent());
        containers.startAgent();
        containers.awaitNode();

        for (Api.Answer answer : begun) {
            JsonNode ended = containers.ended(answer);
            assertThat(ended.path("state").asText()).as(ended.toPrettyString()).isIn("succeeded", "failed");
        }
        for (String name : running) {
            containers.awaitState(name, "running");
            assertThat(containers.init(name)).as(name).isEqualTo(before.get(name));
            assertNoGap(name);
        }
        containers.deleteAll();
        containers.leaks().assertClean();
    }

    private static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    /** The log goes on after the agent's return, and every number is in it once. */
    private void assertNoGap(String name) {
        int last = numbers(name).size();
        Await.until(
                Containers.PATIENCE,
                () -> name + " logs no more",
                () -> numbers(name).size() > last);
        List<Integer> numbers = numbers(name);
        assertThat(numbers)
                .as(name)
                .isEqualTo(IntStream.rangeClosed(1, numbers.size()).boxed().toList());
    }

    private List<Integer> numbers(String name) {
        return java.util.regex.Pattern.compile("n-(\\d+)")
                .matcher(containers.log(name))
                .results()
                .map(match -> Integer.parseInt(match.group(1)))
                .toList();
    }
}
