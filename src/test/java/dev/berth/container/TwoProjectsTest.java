package dev.berth.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.crash.Shell;
import dev.berth.installation.Await;
import dev.berth.installation.FreePort;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Real containers of two projects on the default network: each has a server and a client of the same names. What passes within
 * a project, what does not between them, and what is open to both.
 */
@Tag("packaged")
@Tag("lxc")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoProjectsTest {
    private static final List<String> PROJECTS = List.of("red", "blue");
    private static final String OUTSIDE = "198.18.77.1";
    private static final String ELSEWHERE = "berthct-out";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Containers containers = Containers.open();
    private final int port = FreePort.find();

    @BeforeAll
    void start() {
        Shell.run("ip", "link", "add", ELSEWHERE, "type", "bridge");
        Shell.run("ip", "address", "add", OUTSIDE + "/32", "dev", ELSEWHERE);
        Shell.run("ip", "link", "set", ELSEWHERE, "up");
        containers.upload("box", TestImage.busybox().command("sleep", "100000"));
        for (String project : PROJECTS) {
            containers
                    .api()
                    .post("/api/v1/projects", "{\"name\":\"" + project + "\"}")
                    .ok();
            String serve = "mkdir /www; echo page of " + project + " >/www/index.html; exec httpd -f -p 80 -h /www";
            String publish = project.equals("red") ? ",\"publish\":[{\"host\":" + port + ",\"instance\":80}]" : "";
            run(project, "web", ",\"command\":[\"sh\",\"-c\",\"" + serve + "\"]" + publish);
            run(project, "client", "");
        }
    }

    @AfterAll
    void close() {
        try (containers) {
            PROJECTS.forEach(this::remove);
        } finally {
            Shell.run("ip", "link", "delete", ELSEWHERE);
        }
    }

    private void remove(String project) {
        for (JsonNode instance : containers.api().get(instances(project)).ok().path("items")) {
            String address = instances(project) + "/" + instance.path("id").asText();
            containers.succeeds(containers.api().delete(address + "?force=true&wait=60s"));
        }
        containers.api().delete("/api/v1/projects/" + project).ok();
    }

    private static String instances(String project) {
        return "/api/v1/projects/" + project + "/instances";
    }

    private void run(String project, String name, String more) {
        containers.succeeds(
                containers.api().post(instances(project) + "?wait=60s", Containers.body(name, "box", more)));
    }

    private JsonNode get(String project, String name) {
        return containers.api().get(instances(project) + "/" + name).ok();
    }

    private String address(String project, String name) {
        return get(project, name).path("nics").path(0).path("address").asText();
    }

    /** What a line in the shell of a project's client says, on both streams. */
    private String ask(String project, String line) {
        ObjectNode body = JSON.createObjectNode();
        body.putArray("command").add("sh").add("-c").add(line);
        JsonNode ran = containers
                .api()
                .post(instances(project) + "/client/exec", body.toString())
                .ok();
        return ran.path("stdout").asText() + ran.path("stderr").asText();
    }

    private boolean answers() {
        return containers
                        .api()
                        .post(instances("blue") + "/client/exec", "{\"command\":[\"true\"]}")
                        .status()
                == 200;
    }

    /** The last line of a page, or why there is none. Busybox's own wget crashes when it has a time limit. */
    private String page(String project, String host, int port) {
        String request = "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 3 " + host + " " + port;
        return ask(project, request + " 2>&1 | tail -n 1").strip();
    }

    private String page(String project, String host) {
        return page(project, host, 80);
    }

    /** Runs a program of the host in the network of a project's client, with rights that it has not inside. */
    private void inNetwork(String project, String... command) {
        String id = get(project, "client").path("id").asText();
        String init = Shell.run(
                        "sed",
                        "s/.*\"init\":\\([0-9]*\\).*/\\1/",
                        containers.state() + "/agent/containers/" + id + "/run/status")
                .strip();
        String[] entering = {"nsenter", "-t", init, "-n"};
        Shell.run(java.util.stream.Stream.concat(List.of(entering).stream(), List.of(command).stream())
                .toArray(String[]::new));
    }

    private static String other(String project) {
        return project.equals("red") ? "blue" : "red";
    }

    private void separated() {
        for (String project : PROJECTS) {
            String own = address(project, "web");
            String foreign = address(other(project), "web");
            assertThat(page(project, own)).isEqualTo("page of " + project);
            inNetwork(project, "busybox", "ping", "-c", "1", "-W", "2", own);
            assertThat(page(project, foreign)).startsWith("nc: ");
            inNetwork(project, "sh", "-c", "! busybox ping -c 1 -W 2 " + foreign);
            // Not even the question who has the address arrived: there is no answer to it.
            assertThat(ask(project, "grep '^" + foreign + " ' /proc/net/arp")).contains("00:00:00:00:00:00");
        }
    }

    @Test
    void withinAProjectByAddressAndBetweenProjectsNothing() {
        separated();
    }

    @Test
    void aNameMeansTheInstanceOfTheOwnProject() {
        for (String project : PROJECTS) {
            for (String name : List.of("web", "web." + project)) {
                assertThat(ask(project, "nslookup " + name + " || true"))
                        .as(name)
                        .isNotEmpty();
                assertThat(page(project, name)).as(name).isEqualTo("page of " + project);
            }
        }
    }

    @Test
    void anothersNamesLeadToNothingThatAnswers() {
        for (String project : PROJECTS) {
            assertThat(page(project, "web." + other(project))).startsWith("nc: ");
            assertThat(page(project, "client." + other(project))).startsWith("nc: ");
        }
    }

    /** With the neighbour's true hardware address at hand, so that frames go straight to it. */
    @Test
    void framesToAnothersInterfaceDoNotArrive() {
        String mac = get("red", "web").path("nics").path(0).path("mac").asText();
        String address = address("red", "web");
        inNetwork("red", "ip", "neigh", "replace", address, "lladdr", mac, "dev", "eth0", "nud", "permanent");
        inNetwork("blue", "ip", "neigh", "replace", address, "lladdr", mac, "dev", "eth0", "nud", "permanent");
        try {
            assertThat(page("red", address)).isEqualTo("page of red");
            assertThat(page("blue", address)).startsWith("nc: ");
        } finally {
            inNetwork("red", "ip", "neigh", "delete", address, "dev", "eth0");
            inNetwork("blue", "ip", "neigh", "delete", address, "dev", "eth0");
        }
    }

    @Test
    void theNodeIsNoWayAround() {
        String gateway = ask("blue", "ip route show default").replaceAll("(?s).* via (\\S+) .*", "$1");
        for (String project : PROJECTS) {
            inNetwork(project, "ip", "route", "add", address("red", "web") + "/32", "via", gateway);
        }
        try {
            assertThat(page("red", address("red", "web"))).isEqualTo("page of red");
            assertThat(page("blue", address("red", "web"))).startsWith("nc: ");
        } finally {
            for (String project : PROJECTS) {
                inNetwork(project, "ip", "route", "delete", address("red", "web") + "/32");
            }
        }
    }

    @Test
    void aPublishedPortIsOpenToBothThroughTheNode() {
        String gateway = ask("blue", "ip route show default").replaceAll("(?s).* via (\\S+) .*", "$1");
        for (String project : PROJECTS) {
            for (String node : List.of(OUTSIDE, gateway)) {
                assertThat(page(project, node, port))
                        .as("%s asks %s", project, node)
                        .isEqualTo("page of red");
            }
        }
    }

    @Test
    void theWallStandsWhileTheAgentIsAwayAndWhenItComesBack() {
        containers.installation().killAgent();
        Await.until(Duration.ofSeconds(20), () -> "the agent lives", () -> containers
                .installation()
                .agentEnded(Duration.ZERO));
        String foreign = address("red", "web");
        String id = get("blue", "client").path("id").asText();
        assertThat(containers.state().resolve("agent/containers").resolve(id)).exists();
        inNetwork("blue", "sh", "-c", "! curl -fsS -m 3 http://" + foreign + "/");
        containers.startAgent();
        Await.until(Containers.PATIENCE, () -> "the node stays away", this::answers);
        separated();
    }
}
