package dev.berth.crash;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.app.database.EmbeddedDatabase;
import dev.berth.installation.Api;
import dev.berth.installation.Await;
import dev.berth.installation.Installation;
import dev.berth.installation.LibvirtDaemons;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * An installation on real QEMU whose controller and agent can be held at named places and killed there. Its database is a
 * PostgreSQL server of the test, so that a controller is back in seconds; its network is its own.
 */
final class CrashSite implements AutoCloseable {
    private static final String LIBVIRT = "qemu:///system";
    private final Path state;
    private final EmbeddedDatabase database;
    private final Installation installation;
    private final String network;
    private final Map<Victim, Map<String, String>> environments = new HashMap<>();

    /** Which process dies. */
    enum Victim {
        CONTROLLER,
        AGENT
    }

    CrashSite() {
        LibvirtDaemons.start();
        try {
            state = Files.createTempDirectory("bc");
            Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxr-xr-x"));
            for (Victim victim : Victim.values()) {
                Files.createDirectories(holds(victim));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        database = EmbeddedDatabase.start(state.resolve("postgres"));
        installation = Installation.real(state, LIBVIRT);
        int number = ThreadLocalRandom.current().nextInt(100, 250);
        network = "berthcrash" + number;
        environments.put(
                Victim.AGENT, Map.of("BERTH_HOLD_POINTS", holds(Victim.AGENT).toString()));
        environments.put(
                Victim.CONTROLLER,
                Map.of(
                        "BERTH_HOLD_POINTS", holds(Victim.CONTROLLER).toString(),
                        "BERTH_DATABASE_URL", database.url(),
                        "BERTH_DATABASE_USERNAME", database.user(),
                        "BERTH_DATABASE_PASSWORD", database.password(),
                        "BERTH_NETWORK_DEFAULT_NAME", network,
                        "BERTH_NETWORK_DEFAULT_SUBNET", "10." + number + ".7.0/24"));
    }

    void start() {
        restart(Victim.AGENT);
        restart(Victim.CONTROLLER);
    }

    void restart(Victim victim) {
        Map<String, String> environment = environments.getOrDefault(victim, Map.of());
        switch (victim) {
            case AGENT -> installation.startAgent(environment);
            case CONTROLLER -> {
                installation.startController(environment);
                installation.awaitReady();
            }
        }
    }

    void kill(Victim victim) {
        switch (victim) {
            case AGENT -> installation.killAgent();
            case CONTROLLER -> installation.killController();
        }
    }

    private Path holds(Victim victim) {
        return state.resolve("hold-" + victim.name().toLowerCase(java.util.Locale.ROOT));
    }

    /** All places that a process has passed so far, in order. */
    List<String> passed(Victim victim) {
        Path passed = holds(victim).resolve("passed");
        try {
            return Files.exists(passed) ? Files.readAllLines(passed) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next thread that comes to each of these places stays there. */
    void hold(Victim victim, Collection<String> places) {
        try {
            for (String place : places) {
                Files.deleteIfExists(holds(victim).resolve(place + ".held"));
                Files.createFile(holds(victim).resolve(place + ".hold"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitHeld(Victim victim, Collection<String> places) {
        List<String> missing = new ArrayList<>();
        Await.until(Duration.ofSeconds(90), () -> "nothing came to " + missing + underWay(), () -> {
            missing.clear();
            places.stream()
                    .filter(place -> !Files.exists(holds(victim).resolve(place + ".held")))
                    .forEach(missing::add);
            return missing.isEmpty();
        });
    }

    /** Where work stays: what the controller says of it, what the agent's threads call, what libvirt does. */
    private String underWay() {
        StringBuilder said = new StringBuilder();
        for (JsonNode operation : api().get("/api/v1/operations?limit=50").ok().get("items")) {
            if (!operation.has("finishedAt")) {
                said.append("\n").append(operation);
            }
        }
        Shell.lines(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(installation.agentProcess()),
                        "Thread.print")
                .stream()
                .filter(line -> line.startsWith("\"") || line.contains("at dev.berth."))
                .filter(line -> !line.contains(".wire.") && !line.contains("Lambda"))
                .forEach(line -> said.append("\n").append(line.replaceAll(" #.*", "")));
        for (String name : Shell.lines("virsh", "-c", LIBVIRT, "list", "--name")) {
            said.append("\n")
                    .append(name)
                    .append(": ")
                    .append(Shell.run("sh", "-c", "virsh -c \"$0\" domjobinfo \"$1\" || true", LIBVIRT, name));
        }
        return said.toString();
    }

    Api api() {
        return installation.api();
    }

    Rows rows() {
        return new Rows(database.url(), database.user(), database.password());
    }

    LeakCheck leaks() {
        return new LeakCheck(api(), rows(), state.resolve("agent"), LIBVIRT, network);
    }

    /** How libvirt itself sees an instance. */
    String seenByLibvirt(String id) {
        return Shell.run("virsh", "-c", LIBVIRT, "domstate", "berth-" + id).strip();
    }

    /** QEMU's process id. */
    String process(String id) {
        try {
            return Files.readString(Path.of("/run/libvirt/qemu/berth-" + id + ".pid"))
                    .strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        installation.close();
        for (String name : Shell.lines("virsh", "-c", LIBVIRT, "list", "--all", "--name")) {
            if (name.startsWith("berth-")
                    && Shell.run("virsh", "-c", LIBVIRT, "dumpxml", name).contains(state.toString())) {
                Shell.run(
                        "bash",
                        "-c",
                        "virsh -c " + LIBVIRT + " destroy " + name + "; virsh -c " + LIBVIRT
                                + " undefine --nvram --snapshots-metadata " + name);
            }
        }
        Shell.run(
                "bash",
                "-c",
                "virsh -c " + LIBVIRT + " net-destroy " + network + "; virsh -c " + LIBVIRT + " net-undefine " + network
                        + "; rm -rf /var/lib/libvirt/dnsmasq/" + network + ".berth; true");
        database.close();
        keepLogs();
        try (Stream<Path> files = Files.walk(state)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For who has to find out why a test failed. */
    private void keepLogs() {
        Path kept = Path.of("target", "crash-logs");
        try {
            Files.createDirectories(kept);
            for (String log : List.of("controller.log", "agent.log")) {
                Files.copy(state.resolve(log), kept.resolve(log), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
