package dev.berth.installation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The command that README.md promises, and the one that takes it back. */
@Tag("packaged")
@Tag("lxc")
@Tag("qemu")
class UpAndDownTest {
    private static final String LIBVIRT = "qemu:///system";
    private static final String NETWORK = "berth0";
    private static final String ALLOWED = "--allow-bind=/srv/of-the-test";

    private Path state = Path.of("unset");
    private int port;

    @BeforeEach
    void place() {
        state = Path.of("/var/tmp/berth-test-" + ProcessHandle.current().pid());
        port = FreePort.find();
    }

    @AfterEach
    void cleanUp() throws Exception {
        if (Files.exists(state)) {
            Files.deleteIfExists(options());
            run("infra/down", "--state", state.toString(), "--guests");
        }
    }

    @Test
    void upMakesARunningDemoAndDownTakesEverythingBack() throws Exception {
        Set<String> networks = networks();
        Files.createDirectories(state);
        Files.writeString(options(), "# what containers may mount\n" + ALLOWED + "\n");
        String first = up();
        assertThat(first)
                .contains(
                        "accelerator",
                        "cgroups",
                        "set-up code (once):",
                        "demo's console:",
                        "hello's console:",
                        "hello's page:");
        startsFromItsCache();
        run("pgrep", "-f", "--", "AgentMain --state " + state + ".*" + ALLOWED);
        assertThat(run("grep", " cgroup2 ", "/proc/mounts")).contains("favordynmods");
        Path token = state.resolve("controller/admin-token");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
                .isEqualTo("rw-------");
        Api api = new Api(
                URI.create("http://127.0.0.1:" + port), Files.readString(token).trim());
        String demo = "/api/v1/projects/default/instances/demo";
        assertThat(api.get(demo + "/log").raw().body()).contains("GUEST-UP");
        assertThat(api.get("/").status()).isEqualTo(200);
        String page = first.replaceAll("(?s).*hello's page: +(\\S+).*", "$1");
        assertThat(page(page)).contains("Hello from Berth");
        String hello = "/api/v1/projects/default/instances/hello";
        String container = api.get(hello).ok().path("id").asText();
        String domain = "berth-" + api.get(demo).ok().path("id").asText();

        assertThat(up()).contains("Berth is up").doesNotContain("Starting", "Building", "Making");

        run("infra/down", "--state", state.toString());
        assertThat(run("virsh", "-c", LIBVIRT, "domstate", domain)).contains("running");
        assertThat(page(page)).contains("Hello from Berth");
        up();
        Await.until(
                Duration.ofSeconds(20),
                () -> "the demo is not seen running after a restart",
                () -> api.get(demo).ok().path("state").asText().equals("running")
                        && api.get(hello).ok().path("state").asText().equals("running"));

        String mac = api.get(demo).ok().path("nics").path(0).path("mac").asText();
        api.post(hello + "/actions/pause?wait=10s", "").ok();
        Files.delete(options());
        assertThat(run("infra/down", "--state", state.toString(), "--guests")).doesNotContain("in vain");
        assertThat(run("virsh", "-c", LIBVIRT, "list", "--all", "--name")).doesNotContain(domain);
        assertThat(run("ls", "-R", "/var/lib/libvirt/dnsmasq")).doesNotContain(mac.replace(":", ""));
        assertThat(state).doesNotExist();
        leavesNetworks(networks);
        assertThat(run(
                        "bash",
                        "-c",
                        "cat /proc/mounts; find /sys/fs/cgroup -maxdepth 4 -path '*berth/*'; nft list tables"
                                + "; losetup --list; ip -br link"))
                .doesNotContain(container)
                .doesNotContain(state.toString());
    }

    /** One of an earlier installation goes, too, when nobody needs it. */
    private static void leavesNetworks(Set<String> before) throws Exception {
        Set<String> others = new HashSet<>(before);
        others.remove(NETWORK);
        assertThat(networks()).isSubsetOf(before).containsAll(others);
    }

    private static Set<String> networks() throws Exception {
        return run("virsh", "-c", LIBVIRT, "net-list", "--all", "--name")
                .lines()
                .filter(Predicate.not(String::isBlank))
                .collect(Collectors.toSet());
    }

    /** Starts are fast where the JVM can do it, and it says so in the log when it did not take the cache. */
    private void startsFromItsCache() throws Exception {
        if (Runtime.version().feature() >= 25) {
            run("pgrep", "-f", "AOTCache=" + state);
        }
        assertThat(Files.readString(state.resolve("log/controller.log"))).doesNotContain("[aot]");
    }

    private static String page(String address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address)).build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private Path options() {
        return state.resolve("agent.options");
    }

    private String up() throws Exception {
        return run("infra/up", "--state", state.toString(), "--port", Integer.toString(port), "--demo");
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("berth", ".out");
        Process process = new ProcessBuilder(new ArrayList<>(List.of(command)))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int code = process.waitFor();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        Files.delete(output);
        assertThat(code).as("%s\n%s", String.join(" ", command), text).isZero();
        return text;
    }
}
