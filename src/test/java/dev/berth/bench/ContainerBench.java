package dev.berth.bench;

import dev.berth.container.Registry;
import dev.berth.container.TestImage;
import dev.berth.crash.Shell;
import dev.berth.installation.Installation;
import dev.berth.installation.LibvirtDaemons;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Containers of one image, by Berth and by whatever else the machine has, in turn within one run. */
final class ContainerBench {
    private static final String NETWORK = "bbench0";
    /** Rounds that do not count: servers run for months, and two of these compile what they do often. */
    private static final int WARM = 20;
    /** Rounds of Berth alone before these; the first ones, of a controller that has just started, are told by themselves. */
    private static final int WARM_JAVA = 150;

    private static final int JUST_STARTED = 20;

    private static final int BURST = 50;
    private static final int KEPT = 20;
    private static final int LAYERS = 8;
    private static final int LAYER_FILES = 150;
    private static final int FILE_KIB = 256;
    private final int rounds;
    private final Table table;
    private final Map<String, Map<Engine, Double>> medians = new LinkedHashMap<>();

    ContainerBench(int rounds, Table table) {
        this.rounds = rounds;
        this.table = table;
    }

    void run(Path state) throws Exception {
        LibvirtDaemons.start();
        try (Registry registry = Registry.start();
                Installation installation = Installation.real(state, "qemu:///system")) {
            installation.startAgent(Map.of());
            installation.startController(
                    Map.of("BERTH_NETWORK_DEFAULT_NAME", NETWORK, "BERTH_NETWORK_DEFAULT_SUBNET", "10.251.8.0/24"));
            installation.awaitReady();
            installation
                    .api()
                    .post(
                            "/api/v1/registries",
                            "{\"host\":\"" + registry.host() + "\",\"plainHttp\":true,\"allowPrivate\":true}")
                    .ok();
            List<Engine> engines = engines(installation, state);
            BoxImage box = box(registry, state);
            for (Engine engine : engines) {
                engine.prepare(box);
            }
            lifecycle(engines);
            for (Engine engine : engines) {
                burst(engine);
            }
            pull(engines, big(registry));
            ratios(engines);
        } finally {
            Shell.run(
                    "bash",
                    "-c",
                    "virsh net-destroy " + NETWORK + "; virsh net-undefine " + NETWORK + "; rm -rf " + state
                            + " /var/lib/libvirt/dnsmasq/" + NETWORK + ".berth; true");
        }
    }

    private static List<Engine> engines(Installation installation, Path state) throws Exception {
        List<Engine> engines = new ArrayList<>();
        engines.add(new BerthEngine(installation.api(), state.resolve("agent")));
        Map<String, String> environment = System.getenv();
        if (environment.containsKey("BERTH_PEER_DOCKER")) {
            engines.add(new DockerEngine(Path.of(environment.get("BERTH_PEER_DOCKER"))));
        }
        if (environment.containsKey("BERTH_PEER_LXD")) {
            engines.add(new LxdEngine(Path.of(environment.get("BERTH_PEER_LXD"))));
        }
        if (environment.containsKey("BERTH_PEER_BRIDGE")) {
            Path data = Files.createDirectories(Path.of(environment.get("BERTH_PEER_DIRECTORY"), "bare"));
            engines.add(new BareEngine(data, environment.get("BERTH_PEER_BRIDGE")));
        }
        return engines;
    }

    /** Busybox that sleeps; as {@code /sbin/init} too, for engines that start nothing else. */
    private static BoxImage box(Registry registry, Path state) {
        Path rootfs = state.resolve("box");
        String init = "#!/bin/sh\nexec /bin/sleep 100000\n";
        String reference = TestImage.busybox()
                .file("sbin/init", init, "rwxr-xr-x")
                .command("/bin/sleep", "100000")
                .push(registry, "box:1");
        Path layout = state.resolve("layout");
        Shell.run(
                "skopeo",
                "--insecure-policy",
                "copy",
                "--quiet",
                "--src-tls-verify=false",
                "docker://" + reference,
                "dir:" + layout);
        Shell.run(
                "bash",
                "-c",
                "mkdir -p " + rootfs + "; cd " + layout + "; for f in $(ls | grep -v -e json -e version); do tar -C "
                        + rootfs + " -xzf $f 2>/dev/null || true; done; rm -rf " + layout);
        return new BoxImage(reference, rootfs);
    }

    /** 300 MB that do not compress, in layers of many files. */
    private static String big(Registry registry) {
        TestImage image = TestImage.busybox();
        for (int layer = 0; layer < LAYERS; layer++) {
            if (layer > 0) {
                image.nextLayer();
            }
            image.random("data-" + layer, LAYER_FILES, FILE_KIB);
        }
        return image.push(registry, "big:1");
    }

    private void lifecycle(List<Engine> engines) throws Exception {
        Map<Engine, double[]> run = new LinkedHashMap<>();
        Map<Engine, double[]> exec = new LinkedHashMap<>();
        Map<Engine, double[]> remove = new LinkedHashMap<>();
        double[] first = justStarted(engines.getFirst());
        for (int round = -WARM; round < rounds; round++) {
            for (Engine engine : engines) {
                String name = "bench" + (round + WARM);
                keep(run, engine, round, () -> {
                    engine.run(name);
                    return name;
                });
                keep(exec, engine, round, () -> {
                    engine.exec(name);
                    return name;
                });
                keep(remove, engine, round, () -> {
                    engine.remove(name);
                    return name;
                });
            }
        }
        show("create + start until the process runs", run, "p50 <= 40 ms, p95 <= 100 ms, <= 0.15 x docker and lxd");
        row("berth, just started", Samples.of(first));
        show("exec of true", exec, "p50 <= 20 ms");
        show("stop + remove", remove, "p50 <= 60 ms");
    }

    private void keep(Map<Engine, double[]> all, Engine engine, int round, Callable<?> work) throws Exception {
        double took = Samples.time(work);
        if (round >= 0) {
            all.computeIfAbsent(engine, key -> new double[rounds])[round] = took;
        }
    }

    private void show(String what, Map<Engine, double[]> figures, String goal) {
        table.title(what + "   goal: " + goal);
        figures.forEach((engine, millis) -> {
            Samples samples = Samples.of(millis);
            medians.computeIfAbsent(what, key -> new LinkedHashMap<>()).put(engine, samples.median());
            row(engine.label(), samples);
        });
    }

    private void row(String label, Samples samples) {
        table.row(
                label,
                String.format(Locale.ROOT, "p50 %7.1f ms   p95 %7.1f ms", samples.median(), samples.percentile(95)),
                "");
    }

    private static double[] justStarted(Engine berth) throws Exception {
        double[] first = new double[JUST_STARTED];
        for (int round = 0; round < WARM_JAVA; round++) {
            String name = "warm" + round;
            double took = Samples.time(() -> {
                berth.run(name);
                return name;
            });
            if (round < JUST_STARTED) {
                first[round] = took;
            }
            berth.exec(name);
            berth.remove(name);
        }
        return first;
    }

    /** Starts many at once, twice, and looks at what those that stay take. */
    private void burst(Engine engine) throws Exception {
        List<String> names =
                IntStream.range(0, BURST).mapToObj(i -> "burst" + i).toList();
        Set<String> missing = new TreeSet<>();
        double firstMillis = Samples.time(() -> all(names, engine::run, missing));
        all(names, engine::remove, new TreeSet<>());
        long before = disk(engine);
        Set<String> failed = new TreeSet<>();
        double millis = Samples.time(() -> all(names, engine::run, failed));
        List<String> started =
                names.stream().filter(name -> !failed.contains(name)).toList();
        List<String> kept = started.subList(0, Math.min(KEPT, started.size()));
        // LXD makes some of fifty at once in vain; what is left of those goes too, if there is anything.
        all(names.stream().filter(name -> !kept.contains(name)).toList(), engine::remove, new TreeSet<>());
        table.title(engine.label() + ", " + BURST + " at once, then " + kept.size() + " left idle");
        table.row(
                started("started the first time", missing), perSecond(names.size() - missing.size(), firstMillis), "");
        table.row(
                started("started the second time", failed),
                perSecond(started.size(), millis),
                goal(engine, ">= 30 /s"));
        table.row(
                "memory of each, supervisor included",
                String.format(Locale.ROOT, "%.2f MB", Memory.of(engine.supervisor()) / 1e6 / kept.size()),
                goal(engine, "<= 3 MB"));
        table.row(
                "disk of all " + kept.size(), String.format(Locale.ROOT, "%.1f MB", (disk(engine) - before) / 1e6), "");
        all(kept, engine::remove, new TreeSet<>());
    }

    private static String started(String what, Set<String> failed) {
        return what + (failed.isEmpty() ? "" : ", but " + failed.size() + " failed");
    }

    private static String perSecond(int count, double millis) {
        return String.format(Locale.ROOT, "%.1f /s", count / millis * 1000);
    }

    private static String goal(Engine engine, String goal) {
        return engine instanceof BerthEngine ? goal : "";
    }

    /** Something that is done with a container of this name. */
    private interface Deed {
        void to(String name) throws Exception;
    }

    /** Does it with all at the same time, and tells for which it failed. */
    private static int all(List<String> names, Deed deed, Set<String> failed) throws Exception {
        try (ExecutorService clients = Executors.newFixedThreadPool(names.size())) {
            Map<String, Future<?>> running = new LinkedHashMap<>();
            for (String name : names) {
                running.put(name, clients.submit(() -> {
                    deed.to(name);
                    return name;
                }));
            }
            for (Map.Entry<String, Future<?>> one : running.entrySet()) {
                try {
                    one.getValue().get();
                } catch (ExecutionException e) {
                    failed.add(one.getKey());
                }
            }
        }
        return names.size() - failed.size();
    }

    private static long disk(Engine engine) {
        return Long.parseLong(Shell.run("bash", "-c", "sync; du -sxk " + engine.data() + " 2>/dev/null | cut -f1; true")
                        .strip())
                * 1024;
    }

    private void pull(List<Engine> engines, String reference) throws Exception {
        String what = "pull and unpack 300 MB in 8 layers";
        table.title(what);
        for (Engine engine : engines) {
            boolean[] pulled = {false};
            double millis = Samples.time(() -> pulled[0] = engine.pull(reference));
            if (pulled[0]) {
                medians.computeIfAbsent(what, key -> new LinkedHashMap<>()).put(engine, millis);
                table.row(engine.label(), String.format(Locale.ROOT, "%.1f s", millis / 1000), "");
            }
        }
    }

    private void ratios(List<Engine> engines) {
        table.title("Berth as a share of the others (p50)");
        Engine berth = engines.getFirst();
        medians.forEach((what, figures) -> figures.forEach((engine, millis) -> {
            Double ours = figures.get(berth);
            if (ours != null && !engine.equals(berth)) {
                table.ratio(what + " / " + engine.label(), ours / millis, "");
            }
        }));
    }
}
