package dev.berth.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.app.database.EmbeddedDatabase;
import dev.berth.crash.LeakCheck;
import dev.berth.crash.Rows;
import dev.berth.crash.Shell;
import dev.berth.installation.Api;
import dev.berth.installation.Await;
import dev.berth.installation.Installation;
import dev.berth.installation.LibvirtDaemons;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A whole installation with real containers and a registry beside it, driven by REST only, on a network of its own. Closing
 * it removes all instances and looks for leftovers on the host and in the database.
 */
public final class Containers implements AutoCloseable {
    public static final String INSTANCES = "/api/v1/projects/default/instances";
    public static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Building a Debian on a busy machine takes minutes. */
    private static final Duration LONGEST = Duration.ofMinutes(8);

    private static final String LIBVIRT = "qemu:///system";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SMALL = ",\"memory\":134217728,\"diskSize\":67108864";

    private final Path state;
    private final EmbeddedDatabase database;
    private final Installation installation;
    private final Registry registry;
    private final String network;
    private final Map<String, String> environment;

    private Containers() throws IOException {
        LibvirtDaemons.start();
        state = Files.createTempDirectory("bct");
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxr-xr-x"));
        int number = ThreadLocalRandom.current().nextInt(100, 250);
        network = "berthct" + number;
        database = EmbeddedDatabase.start(state.resolve("postgres"));
        installation = Installation.real(state, LIBVIRT);
        registry = Registry.start();
        environment = Map.of(
                "BERTH_DATABASE_URL", database.url(),
                "BERTH_DATABASE_USERNAME", database.user(),
                "BERTH_DATABASE_PASSWORD", database.password(),
                "BERTH_NETWORK_DEFAULT_NAME", network,
                "BERTH_NETWORK_DEFAULT_SUBNET", "10." + number + ".98.0/24");
    }

    /** Starts everything and waits for the node. */
    public static Containers open() {
        try {
            Containers containers = new Containers();
            try {
                containers.start();
                return containers;
            } catch (RuntimeException | Error e) {
                containers.stop();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void start() {
        startAgent();
        startController();
        awaitNode();
        api().post(
                        "/api/v1/registries",
                        "{\"host\":\"" + registry.host() + "\",\"plainHttp\":true,\"allowPrivate\":true}")
                .ok();
    }

    /** Starts the controller unless it runs, and waits until it is ready. */
    public void startController() {
        installation.startController(environment);
        installation.awaitReady();
    }

    public void startAgent() {
        installation.startAgent(Map.of());
    }

    void awaitNode() {
        Await.until(
                PATIENCE,
                () -> "the node stays away",
                () -> api().get("/api/v1/nodes/local").body().path("connected").asBoolean());
    }

    public Installation installation() {
        return installation;
    }

    public Registry registry() {
        return registry;
    }

    public Api api() {
        return installation.api();
    }

    Path state() {
        return state;
    }

    /** Imports a test's image as an archive that is uploaded; quicker than a registry where that is not what is tested. */
    public void upload(String name, TestImage image) {
        Path archive = image.archive();
        try {
            long size = Files.size(archive);
            String upload = api().post("/api/v1/uploads", "{\"size\":" + size + "}")
                    .ok()
                    .path("id")
                    .asText();
            Shell.run(
                    "curl",
                    "-fsS",
                    "-T",
                    archive.toString(),
                    "-H",
                    "Authorization: Bearer "
                            + Files.readString(state.resolve("admin-token")).strip(),
                    installation.url() + "/api/v1/uploads/" + upload);
            succeeds(
                    api().post("/api/v1/images?wait=60s", "{\"name\":\"" + name + "\",\"upload\":\"" + upload + "\"}"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            image.remove();
        }
    }

    /** Pushes a test's image to the registry, and has the panel pull it under the same name. */
    public void image(String name, TestImage image) {
        succeeds(importImage(name, image.push(registry, name + ":1")));
    }

    Api.Answer importImage(String name, String reference) {
        return api().post(
                        "/api/v1/images?wait=60s",
                        JSON.createObjectNode()
                                .put("name", name)
                                .put("reference", reference)
                                .toString());
    }

    public JsonNode get(String name) {
        return api().get(INSTANCES + "/" + name).ok();
    }

    public String id(String name) {
        return get(name).path("id").asText();
    }

    public String state(String name) {
        return get(name).path("state").asText();
    }

    /** Makes a container and starts it; more fields may follow, each with a comma in front. */
    public JsonNode run(String name, String image, String more) {
        return succeeds(submit(name, image, more));
    }

    Api.Answer submit(String name, String image, String more) {
        return api().post(INSTANCES + "?wait=60s", body(name, image, more));
    }

    static String body(String name, String image, String more) {
        String limits = more.contains("\"memory\"") ? "" : SMALL;
        return "{\"name\":\"" + name + "\",\"kind\":\"container\",\"image\":\"" + image + "\",\"start\":true" + limits
                + more + "}";
    }

    public JsonNode act(String name, String verb) {
        return succeeds(api().post(INSTANCES + "/" + name + "/actions/" + verb + "?wait=60s", "{}"));
    }

    public void delete(String name) {
        succeeds(api().delete(INSTANCES + "/" + name + "?force=true&wait=60s"));
    }

    /**
     * What a command in a container said.
     *
     * @param output of both streams, in this order
     */
    record Ran(int code, String output) {
        String ok() {
            assertThat(code).as(output).isZero();
            return output;
        }
    }

    /** Runs a line in the container's shell. */
    Ran sh(String name, String line) {
        return exec(name, null, "sh", "-c", line);
    }

    /** What a line in the container's shell says, if it goes well. */
    public String said(String name, String line) {
        return sh(name, line).ok();
    }

    Ran exec(String name, @org.jspecify.annotations.Nullable String workingDirectory, String... command) {
        JsonNode ran = execute(name, workingDirectory, command).ok();
        return new Ran(
                ran.path("exitCode").asInt(-1),
                ran.path("stdout").asText() + ran.path("stderr").asText());
    }

    Api.Answer execute(String name, @org.jspecify.annotations.Nullable String workingDirectory, String... command) {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode words = body.putArray("command");
        List.of(command).forEach(words::add);
        if (workingDirectory != null) {
            body.put("workingDirectory", workingDirectory);
        }
        return api().post(INSTANCES + "/" + name + "/exec", body.toString());
    }

    /** What its process wrote, or a virtual machine on its serial port, as text. */
    public String log(String name) {
        String all = get(name).path("kind").asText().equals("container") ? "?tail=0" : "";
        return api().get(INSTANCES + "/" + name + "/log" + all).raw().body();
    }

    public void awaitLog(String name, String text) {
        Await.until(
                PATIENCE,
                () -> name + " never said '" + text + "':\n" + log(name)
                        + get(name).toPrettyString(),
                () -> log(name).contains(text));
    }

    public void awaitState(String name, String wanted) {
        Await.until(
                PATIENCE, () -> get(name).toPrettyString(), () -> state(name).equals(wanted));
    }

    /** Waits for an operation's end and for its success. */
    public JsonNode succeeds(Api.Answer answer) {
        JsonNode operation = ended(answer);
        assertThat(operation.path("state").asText())
                .as(operation.toPrettyString())
                .isEqualTo("succeeded");
        return operation;
    }

    /** Waits for an operation's end, whichever it is. */
    JsonNode ended(Api.Answer answer) {
        String address = "/api/v1/operations/" + answer.ok().path("id").asText();
        Await.until(
                LONGEST,
                () -> api().get(address).raw().body(),
                () -> !api().get(address).ok().path("finishedAt").asText("").isEmpty());
        return api().get(address).ok();
    }

    /** Where the files of a container lie on the host. */
    Path directory(String name) {
        return state.resolve("agent/containers").resolve(id(name));
    }

    /** The host's number of the container's process 1, from what its supervisor wrote. */
    long init(String name) {
        try {
            return JSON.readTree(directory(name).resolve("run/status").toFile())
                    .path("init")
                    .asLong();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void deleteAll() {
        for (JsonNode instance : api().get(INSTANCES + "?limit=200").ok().path("items")) {
            delete(instance.path("id").asText());
        }
    }

    public LeakCheck leaks() {
        return new LeakCheck(
                api(),
                new Rows(database.url(), database.user(), database.password()),
                state.resolve("agent"),
                LIBVIRT,
                network);
    }

    @Override
    public void close() {
        try {
            deleteAll();
            leaks().assertClean();
        } finally {
            stop();
        }
    }

    private void stop() {
        registry.close();
        installation.close();
        database.close();
        Shell.run(
                "bash",
                "-c",
                "mkdir -p target/container-logs; cp " + state + "/*.log target/container-logs/; virsh -c " + LIBVIRT
                        + " net-destroy " + network + "; virsh -c " + LIBVIRT + " net-undefine " + network + "; rm -rf "
                        + state + " /var/lib/libvirt/dnsmasq/" + network + ".berth; true");
    }
}
