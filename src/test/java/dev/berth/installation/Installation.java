package dev.berth.installation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A controller, and an agent beside it unless the fake driver is asked for, on a private state directory and port. */
public final class Installation implements AutoCloseable {
    /** Seconds on an idle machine, minutes where other tests' guests and builds share two cores. */
    private static final Duration REFUSAL = Duration.ofMinutes(1);

    private static final Duration START = Duration.ofMinutes(6);
    /** What the controller's JVM gets beside the options that users run it with; nothing in a benchmark. */
    private static final List<String> OF_TESTS = Stream.of(
                    System.getProperty("berth.test.controllerOptions", "").split(" "))
            .filter(option -> !option.isBlank())
            .toList();

    private final HttpClient http = Api.client();
    private final Path state;
    private final int port;
    private final Driver driver;
    private final String libvirtUri;
    private List<String> agentPrefix = List.of();
    private @Nullable BerthProcess agent;
    private @Nullable BerthProcess controller;

    private Installation(Path state, Driver driver, String libvirtUri) {
        this.state = state;
        this.driver = driver;
        this.libvirtUri = libvirtUri;
        this.port = FreePort.find();
    }

    private enum Driver {
        FAKE,
        SIMULATED,
        REAL
    }

    /** A controller with the fake driver in its own process. */
    public static Installation fake(Path state) {
        return new Installation(state, Driver.FAKE, "");
    }

    /** A controller and an agent with the fake driver, whose instances outlive the controller. */
    public static Installation simulated(Path state) {
        return new Installation(state, Driver.SIMULATED, "");
    }

    /** A controller and a root agent that drives real QEMU through this libvirt. */
    public static Installation real(Path state, String libvirtUri) {
        return new Installation(state, Driver.REAL, libvirtUri);
    }

    /** Runs the agent behind a command that becomes it, for example {@code nsenter}. */
    public Installation within(List<String> prefix) {
        agentPrefix = List.copyOf(prefix);
        return this;
    }

    /** Starts what is not running, and waits until the controller is ready. */
    public Installation start() {
        startAgent(Map.of());
        startController(Map.of());
        awaitReady();
        return this;
    }

    public void startAgent(Map<String, String> environment) {
        if (driver == Driver.FAKE || (agent != null && agent.alive())) {
            return;
        }
        agent = startAgent(environment, socket(), "agent.log");
    }

    /** Starts one more agent on the same directory; returns what it said when it has ended. */
    public String anotherAgent() {
        try (BerthProcess other = startAgent(Map.of(), socket().resolveSibling("other.sock"), "other.log")) {
            if (!other.await(REFUSAL)) {
                throw new AssertionError("another agent works on the same directory:\n" + other.output());
            }
            return other.output();
        }
    }

    private BerthProcess startAgent(Map<String, String> environment, Path socket, String log) {
        Path agentState = directory(state.resolve("agent"));
        List<String> command = new ArrayList<>(agentPrefix);
        command.addAll(java(settings("agent.jvmopts")));
        command.addAll(List.of("-cp", classPath(), "dev.berth.agent.AgentMain"));
        command.addAll(List.of("--state", agentState.toString(), "--listen", "unix:" + socket));
        command.addAll(driver == Driver.SIMULATED ? List.of("--fake") : List.of("--libvirt-uri", libvirtUri));
        command.addAll(List.of(
                "--image-build", Path.of("infra/image-build").toAbsolutePath().toString()));
        command.addAll(
                List.of("--native", Path.of("target/native").toAbsolutePath().toString()));
        Map<String, String> all = new HashMap<>(environment);
        all.put("MALLOC_ARENA_MAX", "1");
        all.put("MALLOC_MMAP_THRESHOLD_", "16384");
        return BerthProcess.start(command, all, state, state.resolve(log));
    }

    public void startController(Map<String, String> environment) {
        if (controller != null && controller.alive()) {
            return;
        }
        Map<String, String> all = new HashMap<>(environment);
        all.put("BERTH_STATE", state.toString());
        all.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        all.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        all.putIfAbsent("BERTH_NODE_LOCAL", driver == Driver.FAKE ? "fake" : "unix:" + socket());
        List<String> command = java(settings("controller.jvmopts"));
        command.addAll(OF_TESTS);
        command.addAll(startupCache());
        command.addAll(List.of("-jar", application().resolve("quarkus-run.jar").toString()));
        controller = BerthProcess.start(command, all, state, state.resolve("controller.log"));
    }

    /** Waits until the controller answers that it is ready. */
    public void awaitReady() {
        Await.until(
                START, () -> "controller is not ready:\n" + tail(controller().output()), () -> {
                    if (!controller().alive()) {
                        throw new AssertionError(
                                "the controller ended:\n" + tail(controller().output()));
                    }
                    return Files.exists(state.resolve("admin-token")) && answers();
                });
    }

    private boolean answers() {
        try {
            return api().get("/q/health/ready").status() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    public Api api() {
        try {
            return new Api(
                    http, url(), Files.readString(state.resolve("admin-token")).trim());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public Path state() {
        return state;
    }

    public String setupCode() {
        try {
            return Files.readString(state.resolve("setup-code")).trim();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long agentProcess() {
        return Objects.requireNonNull(agent).pid();
    }

    public void killAgent() {
        Objects.requireNonNull(agent).kill();
    }

    public void killController() {
        controller().kill();
    }

    /** Waits for a process that a crash hook ends. */
    public boolean controllerEnded(Duration timeout) {
        return controller().await(timeout);
    }

    public boolean agentEnded(Duration timeout) {
        return Objects.requireNonNull(agent).await(timeout);
    }

    public long controllerMemory() {
        return controller().residentBytes();
    }

    public long agentMemory() {
        return Objects.requireNonNull(agent).residentBytes();
    }

    @Override
    public void close() {
        if (controller != null) {
            controller.close();
        }
        if (agent != null) {
            agent.close();
        }
        http.shutdownNow();
        if (driver == Driver.REAL) {
            removePacketFilter();
        }
    }

    /** Its tables outlive the agent, so that guests stay reachable; they have the name that {@code infra/down} knows. */
    private void removePacketFilter() {
        String table =
                "berth_" + Integer.toHexString(state.resolve("agent").toString().hashCode());
        for (String family : List.of("inet", "bridge")) {
            BerthProcess.start(
                            List.of("nft", "delete", "table", family, table), Map.of(), state, state.resolve("nft.log"))
                    .await(Duration.ofSeconds(10));
        }
    }

    private BerthProcess controller() {
        return Objects.requireNonNull(controller, "start() first");
    }

    private Path socket() {
        return directory(state.resolve("run")).resolve("agent.sock");
    }

    private static Path application() {
        Path application = Path.of("target/quarkus-app").toAbsolutePath();
        if (!Files.exists(application.resolve("quarkus-run.jar"))) {
            throw new AssertionError("Build the application first: mvn package -DskipTests");
        }
        return application;
    }

    /** The option for what {@code infra/lib/startup-cache.sh} made, if it did. */
    private static List<String> startupCache() {
        Path cache = application().resolve("controller.aot");
        return Runtime.version().feature() >= 25 && Files.exists(cache) ? List.of("-XX:AOTCache=" + cache) : List.of();
    }

    private static String classPath() {
        List<String> jars = new ArrayList<>();
        for (String pattern : settings("agent.jars")) {
            jars.addAll(matching(application().resolve(pattern)));
        }
        return String.join(":", jars);
    }

    /** The files of a pattern like {@code lib/main/io.grpc.*.jar}. */
    private static List<String> matching(Path pattern) {
        PathMatcher matcher = pattern.getFileSystem().getPathMatcher("glob:" + pattern);
        try (Stream<Path> files = Files.walk(application(), 3)) {
            return files.filter(matcher::matches).map(Path::toString).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> java(List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(options);
        return command;
    }

    /** The lines of a file of settings that {@code infra/up} reads too. */
    private static List<String> settings(String name) {
        try (Stream<String> lines = Files.lines(Path.of("infra/lib", name))) {
            return lines.map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path directory(Path path) {
        try {
            return Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String tail(String text) {
        return text.substring(Math.max(0, text.length() - 6000));
    }
}
