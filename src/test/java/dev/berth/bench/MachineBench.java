package dev.berth.bench;

import dev.berth.installation.Api;
import dev.berth.installation.Await;
import dev.berth.installation.Installation;
import dev.berth.installation.LibvirtDaemons;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** What the panel adds to creating and starting a real machine, and what it costs at rest. */
final class MachineBench {
    private static final String INSTANCES = "/api/v1/projects/default/instances";
    private static final String LIBVIRT = "qemu:///system";
    private static final String NETWORK = "bbench0";
    private final int rounds;
    private final Table table;

    MachineBench(int rounds, Table table) {
        this.rounds = rounds;
        this.table = table;
    }

    void run(Path state) throws Exception {
        table.title("Real machines, " + rounds + " rounds, Berth and bare virsh in turn");
        LibvirtDaemons.start();
        try (Installation installation = Installation.real(state, LIBVIRT)) {
            double start = Samples.time(() -> start(installation));
            table.row("agent and controller: start to ready", String.format(Locale.ROOT, "%.1f s", start / 1000), "");
            Api api = installation.api();
            api.post("/api/v1/images?wait=120s", "{\"name\":\"tiny\",\"recipe\":\"tiny\"}")
                    .ok();
            try {
                compare(api, state);
            } finally {
                for (var left : api.get(INSTANCES).ok().path("items")) {
                    api.delete(INSTANCES + "/" + left.path("name").asText() + "?wait=60s&force=true");
                }
            }
            Thread.sleep(30_000);
            table.bytes("agent's memory at rest (RSS)", installation.agentMemory(), "<= 100 MB");
            table.bytes("controller's memory at rest (RSS)", installation.controllerMemory(), "");
        } finally {
            shell("virsh -c " + LIBVIRT + " net-destroy " + NETWORK + "; virsh -c " + LIBVIRT + " net-undefine "
                    + NETWORK + "; rm -rf /var/lib/libvirt/dnsmasq/" + NETWORK + ".berth");
        }
    }

    private static Installation start(Installation installation) {
        installation.startAgent(Map.of());
        installation.startController(
                Map.of("BERTH_NETWORK_DEFAULT_NAME", NETWORK, "BERTH_NETWORK_DEFAULT_SUBNET", "10.251.7.0/24"));
        installation.awaitReady();
        Await.until(Duration.ofSeconds(60), () -> "the node has no network", () -> !installation
                .api()
                .get("/api/v1/networks")
                .ok()
                .path("items")
                .isEmpty());
        return installation;
    }

    private void compare(Api api, Path state) throws Exception {
        double[] berth = new double[rounds];
        double[] bare = new double[rounds];
        for (int round = -1; round < rounds; round++) { // the first round warms both up
            String name = "bench-" + (round + 1);
            double ours = Samples.time(() -> create(api, name));
            double theirs = bare(api, state, name);
            api.delete(INSTANCES + "/" + name + "?wait=60s&force=true").ok();
            if (round >= 0) {
                berth[round] = ours;
                bare[round] = theirs;
            }
        }
        Samples panel = Samples.of(berth);
        Samples virsh = Samples.of(bare);
        table.row("Berth: POST to the end of its operation", panel, "");
        table.row("bare: virsh define, virsh start", virsh, "");
        table.ratio("Berth / bare", panel.median() / virsh.median(), "<= 1.3 x");
    }

    private static Object create(Api api, String name) {
        var operation = api.post(
                        INSTANCES + "?wait=60s",
                        "{\"name\":\"" + name
                                + "\",\"kind\":\"vm\",\"image\":\"tiny\",\"cpus\":1,\"memory\":134217728,\"start\":true}")
                .ok();
        if (!operation.path("state").asText().equals("succeeded")) {
            throw new AssertionError(operation.toPrettyString());
        }
        return operation;
    }

    /** The same machine, stopped and copied under another identity, defined and started by hand; in milliseconds. */
    private static double bare(Api api, Path state, String name) throws Exception {
        var instance = api.get(INSTANCES + "/" + name).ok();
        String id = instance.path("id").asText();
        api.post(INSTANCES + "/" + name + "/actions/stop?wait=60s", "{}").ok();
        String copy = UUID.randomUUID().toString();
        Path instances = state.resolve("agent/instances");
        shell("cp -a " + instances.resolve(id) + " " + instances.resolve(copy) + "; rm -f " + instances.resolve(copy)
                + "/*.sock");
        String xml = shell("virsh -c " + LIBVIRT + " dumpxml --inactive berth-" + id)
                .replaceAll("(?s)<metadata>.*</metadata>", "")
                .replaceAll("52:54:00:(..:..:..)", "52:54:01:$1")
                .replaceAll("<target dev='bt[^']*'/>", "")
                .replace(id, copy);
        Path file = Files.writeString(state.resolve("bare.xml"), xml, StandardCharsets.UTF_8);
        try {
            double define = Samples.time(() -> shell("virsh -c " + LIBVIRT + " define " + file));
            return define + Samples.time(() -> shell("virsh -c " + LIBVIRT + " start berth-" + copy));
        } finally {
            shell("virsh -c " + LIBVIRT + " destroy berth-" + copy + "; virsh -c " + LIBVIRT + " undefine berth-"
                    + copy);
            delete(instances.resolve(copy));
        }
    }

    private static String shell(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("bash", "-c", command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(command + "\n" + output);
        }
        return output;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
