package dev.berth.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.crash.CrashSite.Victim;
import dev.berth.installation.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code kill -9} of controller and of agent at every place of create, snapshot and delete, on real QEMU.
 *
 * <p>An undisturbed run of each kind of work shows which places there are. Then as many operations as there are places begin
 * at once, each stays at a place of its own, and the process is killed: for every operation this is death at its place.
 * After the restart all must end as if nothing had happened, the guests that had nothing to do with it must have kept
 * running, and nothing may be left over.
 */
@Tag("packaged")
@Tag("qemu")
class CrashTest {
    private static final String INSTANCES = "/api/v1/projects/default/instances";
    private static final String DIRECT = "\"memory\":67108864,\"cpus\":1,\"image\":\"small\",\"cloudInit\":{}";
    private static final CrashSite SITE = new CrashSite();
    private static final Map<Victim, Map<Work, Set<String>>> PLACES = new EnumMap<>(Victim.class);
    private static String bystander = "";
    private static String bystanderProcess = "";

    /** What operations do to an instance, in an order in which each finds what it needs. */
    private enum Work {
        CREATE,
        SNAPSHOT,
        REVERT,
        REMOVE_SNAPSHOT,
        DELETE,
        /** A start that QEMU refuses, so that everything is taken back. */
        CREATE_IN_VAIN
    }

    @BeforeAll
    static void learn() {
        SITE.start();
        makeImage();
        bystander = subject(submit(Work.CREATE, "bystander"));
        bystanderProcess = SITE.process(bystander);
        // Places that are passed all the time belong to nobody's work.
        Map<Victim, Set<String>> noise = new EnumMap<>(Victim.class);
        Await.until(Duration.ofSeconds(30), () -> "the agent is not sampled", () -> SITE.passed(Victim.AGENT)
                .contains("Statistics.sampleAll:after"));
        for (Victim victim : Victim.values()) {
            noise.put(victim, background(SITE.passed(victim)));
            PLACES.put(victim, new EnumMap<>(Work.class));
        }
        for (Work work : Work.values()) {
            Map<Victim, Integer> before = new EnumMap<>(Victim.class);
            for (Victim victim : Victim.values()) {
                before.put(victim, SITE.passed(victim).size());
            }
            awaitLastPlace(end(submit(work, "pilot"), work), Objects.requireNonNull(before.get(Victim.CONTROLLER)));
            for (Victim victim : Victim.values()) {
                List<String> all = SITE.passed(victim);
                Set<String> places =
                        new LinkedHashSet<>(all.subList(Objects.requireNonNull(before.get(victim)), all.size()));
                places.removeAll(Objects.requireNonNull(noise.get(victim)));
                Objects.requireNonNull(PLACES.get(victim)).put(work, places);
            }
        }
        System.out.println("places: " + PLACES);
        SITE.leaks().assertClean();
    }

    /** The controller comes to the place behind the last step when it has told of the end; it is none of the next work. */
    private static void awaitLastPlace(JsonNode ended, int before) {
        if (ended.get("state").asText().equals("succeeded")) {
            JsonNode steps = ended.get("steps");
            String last = ended.get("type").asText() + ":"
                    + steps.get(steps.size() - 1).get("name").asText() + ":after";
            Await.until(Duration.ofSeconds(30), () -> "nothing came to " + last, () -> {
                List<String> all = SITE.passed(Victim.CONTROLLER);
                return all.subList(before, all.size()).contains(last);
            });
        }
    }

    /** Calls that the controller makes by itself, to see how the node is. */
    private static Set<String> background(List<String> passed) {
        Set<String> noise = new HashSet<>(passed);
        noise.removeIf(
                place -> !place.matches("(NodeProbe|Statistics|InstanceDriver.(capabilities|identify|observeAll)).*"));
        return noise;
    }

    @AfterAll
    static void close() {
        SITE.close();
    }

    @Test
    void controllerDiesAtEveryPlace() {
        diesAtEveryPlace(Victim.CONTROLLER);
    }

    @Test
    void agentDiesAtEveryPlace() {
        diesAtEveryPlace(Victim.AGENT);
    }

    private static void diesAtEveryPlace(Victim victim) {
        Map<Work, Set<String>> places = Objects.requireNonNull(PLACES.get(victim));
        assertThat(places.keySet()).containsExactly(Work.values());
        int most = places.values().stream().mapToInt(Set::size).max().orElseThrow();
        String prefix = victim.name().toLowerCase(java.util.Locale.ROOT) + "-";
        List<String> names = IntStream.range(0, most).mapToObj(i -> prefix + i).toList();
        for (Work work : Work.values()) {
            Set<String> here = Objects.requireNonNull(places.get(work));
            assertThat(here).as("places of %s", work).isNotEmpty();
            long begun = System.nanoTime();
            die(victim, work, here, names);
            System.out.printf(
                    "%s died at %d places of %s, %d operations: %.1f s%n",
                    victim, here.size(), work, names.size(), (System.nanoTime() - begun) / 1e9);
        }
        SITE.leaks().assertClean();
    }

    /** Places are where Berth's own code can be held; between them are libvirt's and the kernel's. */
    @Test
    void agentDiesAtAnyMoment() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        System.out.println("seed " + seed);
        List<String> names = IntStream.range(0, 6).mapToObj(i -> "any-" + i).toList();
        for (Work work : Work.values()) {
            die(Victim.AGENT, work, names, () -> pause(random.nextInt(1500)));
        }
    }

    private static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void die(Victim victim, Work work, Set<String> places, List<String> names) {
        SITE.hold(victim, places);
        die(victim, work, names, () -> SITE.awaitHeld(victim, places));
    }

    private static void die(Victim victim, Work work, List<String> names, Runnable untilDeath) {
        List<JsonNode> operations =
                names.stream().map(name -> submit(work, name)).toList();
        untilDeath.run();
        SITE.kill(victim);
        assertBystanderRuns();
        SITE.restart(victim);
        operations.forEach(operation -> end(operation, work));
        assertBystanderRuns();
        if (work != Work.DELETE && work != Work.CREATE_IN_VAIN) {
            for (JsonNode operation : operations) {
                assertThat(SITE.seenByLibvirt(subject(operation)))
                        .as("after %s", work)
                        .isEqualTo("running");
            }
        }
        SITE.leaks().assertClean();
    }

    private static void assertBystanderRuns() {
        assertThat(SITE.seenByLibvirt(bystander)).isEqualTo("running");
        assertThat(SITE.process(bystander)).isEqualTo(bystanderProcess);
    }

    private static JsonNode submit(Work work, String name) {
        String instance = INSTANCES + "/" + name;
        // The bystander and the pilot have to be there before anything else happens.
        String wait = name.equals("bystander") ? "?wait=60s" : "";
        return switch (work) {
            case CREATE ->
                SITE.api()
                        .post(INSTANCES + wait, "{\"name\":\"" + name + "\",\"start\":true," + DIRECT + "}")
                        .ok();
            case CREATE_IN_VAIN ->
                SITE.api()
                        .post(
                                INSTANCES,
                                "{\"name\":\"" + name
                                        + "\",\"start\":true,\"image\":\"small\",\"memory\":8000000000000}")
                        .ok();
            case SNAPSHOT ->
                SITE.api()
                        .post(instance + "/snapshots", "{\"name\":\"s\",\"withMemory\":true}")
                        .ok();
            case REVERT ->
                SITE.api().post(instance + "/snapshots/s/actions/revert", "{}").ok();
            case REMOVE_SNAPSHOT -> SITE.api().delete(instance + "/snapshots/s").ok();
            case DELETE -> SITE.api().delete(instance + "?force=true").ok();
        };
    }

    private static JsonNode end(JsonNode operation, Work work) {
        String id = operation.get("id").asText();
        JsonNode ended =
                SITE.api().get("/api/v1/operations/" + id + "?wait=100s").ok();
        assertThat(ended.get("state").asText())
                .as("%s: %s", work, ended)
                .isEqualTo(work == Work.CREATE_IN_VAIN ? "failed" : "succeeded");
        return ended;
    }

    private static String subject(JsonNode operation) {
        return operation.get("subject").get("id").asText();
    }

    /** An image of a megabyte of zeros, which no guest boots from, so that many can run at once. */
    private static void makeImage() {
        int size = 1 << 20;
        String upload = SITE.api()
                .post("/api/v1/uploads", "{\"size\":" + size + "}")
                .ok()
                .get("id")
                .asText();
        List<Integer> statuses = new ArrayList<>();
        statuses.add(SITE.api()
                .send("PUT", "/api/v1/uploads/" + upload, "\0".repeat(size), Map.of())
                .status());
        statuses.add(SITE.api()
                .post("/api/v1/images?wait=60s", "{\"name\":\"small\",\"upload\":\"" + upload + "\"}")
                .status());
        assertThat(statuses).containsExactly(200, 200);
        SITE.api().get("/api/v1/images/small").ok();
    }
}
