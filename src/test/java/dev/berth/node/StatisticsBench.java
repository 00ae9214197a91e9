package dev.berth.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.installation.Api;
import dev.berth.installation.Await;
import dev.berth.installation.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What watching and sampling many guests costs the agent and libvirtd, as shares of one core; prints a table. The guests are
 * real QEMU processes, held before their first instruction. {@code BERTH_BENCH_GUESTS} says how many, 100 by default.
 */
@Tag("bench")
class StatisticsBench {
    private static final int GUESTS = Integer.parseInt(System.getenv().getOrDefault("BERTH_BENCH_GUESTS", "100"));
    private static final Duration SPAN = Duration.ofSeconds(60);
    private static final String INSTANCES = "/api/v1/projects/default/instances";

    @Test
    void costOfManyGuests() throws Exception {
        Path home = Files.createTempDirectory("statistics");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (PrivateHost host = PrivateHost.start(home.resolve("host"));
                Installation installation = Installation.real(home.resolve("berth"), "qemu:///system")
                        .within(host.prefix())
                        .start()) {
            Api api = installation.api();
            Await.until(
                    Duration.ofSeconds(60),
                    () -> "the agent is not there",
                    () -> api.get("/api/v1/nodes/local").ok().get("connected").asBoolean());
            api.post("/api/v1/images?wait=5m", "{\"name\":\"tiny\",\"recipe\":\"tiny\"}")
                    .ok();
            System.out.printf("%8s %18s %18s %12s%n", "guests", "agent, % of core", "libvirtd, % of core", "agent, MB");
            measure(0, installation, host);
            List<String> ids = create(api);
            for (String id : ids) {
                host.virsh("start", "--paused", "berth-" + id);
            }
            Await.until(
                    Duration.ofSeconds(60),
                    () -> "not all are seen",
                    () -> api.get(INSTANCES + "?limit=1000&filter=state%3Dpaused")
                                    .ok()
                                    .get("items")
                                    .size()
                            == GUESTS);
            measure(GUESTS, installation, host);
            assertThat(ids).hasSize(GUESTS);
        }
        PrivateHost.remove(home);
    }

    private static List<String> create(Api api) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < GUESTS; i++) {
            String operation = api.post(
                            INSTANCES + "?wait=2m",
                            "{\"name\":\"g" + i + "\",\"kind\":\"vm\",\"image\":\"tiny\",\"memory\":67108864}")
                    .ok()
                    .get("state")
                    .asText();
            assertThat(operation).isEqualTo("succeeded");
            ids.add(api.get(INSTANCES + "/g" + i).ok().get("id").asText());
        }
        return ids;
    }

    private static void measure(int guests, Installation installation, PrivateHost host) throws Exception {
        // What starting them set going comes to its end first.
        Thread.sleep(20_000);
        long agent = ticks(installation.agentProcess());
        long libvirtd = ticks(host.libvirtd());
        long began = System.nanoTime();
        Thread.sleep(SPAN);
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                "%8d %18.2f %18.2f %12d%n",
                guests,
                (ticks(installation.agentProcess()) - agent) / seconds,
                (ticks(host.libvirtd()) - libvirtd) / seconds,
                installation.agentMemory() >> 20);
    }

    /** CPU time in ticks of 10 ms, so that ticks a second are percent of a core. */
    private static long ticks(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }
}
