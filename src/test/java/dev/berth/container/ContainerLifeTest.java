package dev.berth.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.installation.Await;
import dev.berth.installation.FreePort;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A container's life as a script of a user drives it: from a registry to a page in the browser's reach, and to its end. */
@Tag("packaged")
@Tag("lxc")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainerLifeTest {
    private final Containers containers = Containers.open();

    @BeforeAll
    void image() {
        containers.image("web", TestImage.webServer());
    }

    @AfterAll
    void close() {
        containers.close();
    }

    @Test
    void fromARegistryToItsEnd() {
        int port = FreePort.find();
        containers.run("web", "web", ",\"publish\":[{\"host\":" + port + ",\"instance\":80}]");
        assertThat(containers.get("web").path("kind").asText()).isEqualTo("container");
        containers.awaitState("web", "running");
        assertThat(page(port)).contains("Hello from a container");

        Containers.Ran ran = containers.sh("web", "echo out; echo err >&2; exit 7");
        assertThat(ran.code()).isEqualTo(7);
        assertThat(ran.output()).contains("out\n", "err\n");
        containers.awaitLog("web", "serving");
        assertThat(containers.log("web")).contains("careful");

        containers.act("web", "shutdown");
        containers.awaitState("web", "stopped");
        JsonNode stopped = containers.get("web");
        assertThat(stopped.path("exit").path("code").asInt(-1))
                .as(stopped.toPrettyString())
                .isEqualTo(3);
        assertThat(containers.log("web")).contains("bye");

        containers.act("web", "start");
        assertThat(page(port)).contains("Hello from a container");
        containers.delete("web");
        assertThat(containers.api().get(Containers.INSTANCES + "/web").status()).isEqualTo(404);
        containers.leaks().assertClean();
    }

    /** What the README promises: a reference is enough. */
    @Test
    void aReferenceOfARegistryIsACompleteCreate() {
        String reference = TestImage.webServer().push(containers.registry(), "direct:1");
        int port = FreePort.find();
        containers.succeeds(containers
                .api()
                .post(
                        Containers.INSTANCES + "?wait=60s",
                        "{\"name\":\"direct\",\"kind\":\"container\",\"image\":\"" + reference
                                + "\",\"start\":true,\"publish\":[{\"host\":" + port
                                + ",\"instance\":80}]}"));
        assertThat(page(port)).contains("Hello from a container");
        containers.delete("direct");
    }

    @Test
    void aTakenPortIsRefusedWhenTheContainerIsMade() {
        int port = FreePort.find();
        String publish = ",\"publish\":[{\"host\":" + port + ",\"instance\":80}]";
        containers.run("first", "web", publish);
        var refused = containers.submit("second", "web", publish);
        assertThat(refused.status()).as(refused.raw().body()).isEqualTo(409);
        assertThat(refused.raw().body()).contains(Integer.toString(port));
        containers.delete("first");
    }

    @Test
    void outOfMemoryAndItsOwnEndAreTold() {
        containers.run("ends", "web", ",\"entrypoint\":[\"sh\",\"-c\",\"echo done; exit 5\"]");
        containers.awaitState("ends", "crashed");
        assertThat(containers.get("ends").path("exit").path("code").asInt(-1)).isEqualTo(5);
        containers.delete("ends");
    }

    @Test
    void whatIsWrittenOutlivesAStopAndAVolumeOutlivesTheContainer() {
        containers.run("keeps", "web", "");
        containers.sh("keeps", "echo kept > /root/file").ok();
        containers.act("keeps", "stop");
        containers.act("keeps", "start");
        assertThat(containers.sh("keeps", "cat /root/file").ok()).contains("kept");
        containers.delete("keeps");
    }

    private static String page(int port) {
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .timeout(Duration.ofSeconds(5))
                .build();
        String[] body = {""};
        Await.until(Duration.ofSeconds(20), () -> "no page on port " + port, () -> {
            try {
                body[0] =
                        http.send(request, HttpResponse.BodyHandlers.ofString()).body();
                return true;
            } catch (java.io.IOException e) {
                return false;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        return body[0];
    }
}
