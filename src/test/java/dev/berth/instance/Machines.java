package dev.berth.instance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.installation.Api;
import dev.berth.installation.Await;
import dev.berth.installation.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** A whole installation with real machines, driven by REST only, on a network of its own. Closing it looks for leftovers. */
final class Machines implements AutoCloseable {
    static final Path LEASES = Path.of("/var/lib/libvirt/dnsmasq");

    static final String INSTANCES = "/api/v1/projects/default/instances";
    /** Long enough for translated guests on a busy machine. */
    static final Duration PATIENCE = Duration.ofMinutes(4);

    private final Installation installation;
    private final String network;

    private Machines(Installation installation, String network) {
        this.installation = installation;
        this.network = network;
    }

    static Machines open() {
        int number = ThreadLocalRandom.current().nextInt(100, 250);
        String network = "btest" + number;
        Installation installation = Installation.real(state(), "qemu:///system");
        Machines machines = new Machines(installation, network);
        try {
            machines.begin("10." + number + ".99.0/24");
            return machines;
        } catch (RuntimeException | Error e) {
            installation.close();
            throw e;
        }
    }

    private void begin(String subnet) {
        installation.startAgent(Map.of());
        installation.startController(
                Map.of("BERTH_NETWORK_DEFAULT_NAME", network, "BERTH_NETWORK_DEFAULT_SUBNET", subnet));
        installation.awaitReady();
        awaitNode();
        succeeds(api().post("/api/v1/images?wait=90s", "{\"name\":\"tiny\",\"recipe\":\"tiny\"}"));
    }

    void awaitNode() {
        Await.until(
                PATIENCE,
                () -> "the node stays away",
                () -> api().get("/api/v1/nodes/local").body().path("connected").asBoolean());
    }

    private static Path state() {
        try {
            Path state = Files.createTempDirectory("berth");
            return Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Installation installation() {
        return installation;
    }

    Api api() {
        return installation.api();
    }

    JsonNode get(String name) {
        return api().get(INSTANCES + "/" + name).ok();
    }

    String state(String name) {
        return get(name).path("state").asText();
    }

    /** Makes a machine from {@code tiny}; more fields may follow the usual ones. */
    JsonNode create(String name, String more) {
        return createFrom(name, "\"image\":\"tiny\",\"start\":true" + more);
    }

    JsonNode createFrom(String name, String fields) {
        String memory = fields.contains("\"memory\"") ? "" : "\"memory\":134217728,";
        return succeeds(api().post(
                        INSTANCES + "?wait=90s",
                        "{\"name\":\"" + name + "\",\"kind\":\"vm\",\"cpus\":1," + memory + fields + "}"));
    }

    JsonNode act(String name, String verb, String body) {
        return succeeds(api().post(INSTANCES + "/" + name + "/actions/" + verb + "?wait=90s", body));
    }

    JsonNode act(String name, String verb) {
        return act(name, verb, "{}");
    }

    /** A change under the tag that was just read. */
    JsonNode patch(String name, String body) {
        return succeeds(change(name, body));
    }

    Api.Answer change(String name, String body) {
        return api().send("PATCH", INSTANCES + "/" + name + "?wait=90s", body, Map.of("If-Match", "*"));
    }

    JsonNode snapshot(String name, String snapshot, boolean memory) {
        return succeeds(api().post(
                        INSTANCES + "/" + name + "/snapshots?wait=90s",
                        "{\"name\":\"" + snapshot + "\",\"withMemory\":" + memory + "}"));
    }

    JsonNode revert(String name, String snapshot) {
        return succeeds(
                api().post(INSTANCES + "/" + name + "/snapshots/" + snapshot + "/actions/revert?wait=90s", "{}"));
    }

    JsonNode deleteSnapshot(String name, String snapshot) {
        return succeeds(api().delete(INSTANCES + "/" + name + "/snapshots/" + snapshot + "?wait=90s"));
    }

    void delete(String name) {
        succeeds(api().delete(INSTANCES + "/" + name + "?force=true&wait=90s"));
    }

    /** Waits for an operation's end and for its success. */
    JsonNode succeeds(Api.Answer answer) {
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
                PATIENCE,
                () -> api().get(address).raw().body(),
                () -> !api().get(address).ok().path("finishedAt").asText("").isEmpty());
        return api().get(address).ok();
    }

    String log(String name) {
        return api().get(INSTANCES + "/" + name + "/log").raw().body();
    }

    /** Waits until the guest has said something on its serial port. */
    void awaitLog(String name, String text, int times) {
        Await.until(
                PATIENCE,
                () -> name + " never said '" + text + "':\n" + log(name),
                () -> log(name).split(java.util.regex.Pattern.quote(text), -1).length > times);
    }

    void awaitUp(String name) {
        awaitLog(name, "GUEST-UP", 1);
    }

    void awaitState(String name, String state) {
        Await.until(
                PATIENCE, () -> get(name).toPrettyString(), () -> state(name).equals(state));
    }

    GuestShell shell(String name) {
        JsonNode ticket = api().post(INSTANCES + "/" + name + "/consoles", "{\"type\":\"serial\"}")
                .ok();
        String token;
        try {
            token = Files.readString(installation.state().resolve("admin-token"))
                    .trim();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        URI address = URI.create(installation.url().toString().replace("http:", "ws:")
                + ticket.path("url").asText());
        return GuestShell.open(
                address,
                ticket.path("ticket").asText(),
                token,
                installation.url().toString());
    }

    /** Imports bytes as an image, as {@code curl -T} would. */
    void upload(String name, byte[] content) {
        JsonNode upload = api().post("/api/v1/uploads", "{\"size\":" + content.length + "}")
                .ok();
        try {
            URI address = installation
                    .url()
                    .resolve("/api/v1/uploads/" + upload.path("id").asText());
            HttpURLConnection put = (HttpURLConnection) address.toURL().openConnection();
            put.setRequestMethod("PUT");
            put.setDoOutput(true);
            put.setRequestProperty(
                    "Authorization",
                    "Bearer "
                            + Files.readString(installation.state().resolve("admin-token"))
                                    .trim());
            put.getOutputStream().write(content);
            assertThat(put.getResponseCode()).isEqualTo(200);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        succeeds(api().post(
                        "/api/v1/images?wait=90s",
                        "{\"name\":\"" + name + "\",\"upload\":\""
                                + upload.path("id").asText() + "\"}"));
    }

    /** Runs a program of the host and returns what it printed. */
    static String host(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    void deleteAll() {
        for (JsonNode instance : api().get(INSTANCES + "?limit=1000").ok().path("items")) {
            patch(instance.path("name").asText(), "{\"deletionProtection\":false}");
            delete(instance.path("name").asText());
        }
    }

    @Override
    public void close() {
        try {
            deleteAll();
            assertThat(files(installation.state().resolve("agent/instances")))
                    .as("files of deleted machines")
                    .isEmpty();
            assertThat(files(LEASES.resolve(network + ".berth/dhcp")))
                    .as("leases of deleted machines")
                    .isEmpty();
        } finally {
            installation.close();
            host("virsh", "net-destroy", network);
            host("virsh", "net-undefine", network);
            host("rm", "-rf", LEASES.resolve(network + ".berth").toString());
            host("rm", "-rf", installation.state().toString());
        }
    }

    private static Stream<Path> files(Path directory) {
        try (Stream<Path> found = Files.list(directory)) {
            return found.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
