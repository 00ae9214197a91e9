package dev.berth.instance;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a change takes away with null: a container is again as its image says, or as usual. On the fake node. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class MergePatchTest {
    /** An image that says everything, see the fake node. */
    private static final String FULL = "registry.test/full-app:1";

    private String project = "";

    @BeforeEach
    void prepare() {
        Containers.ensureBusybox();
        project = Containers.newProject();
    }

    private String made(String image, String more) {
        AdminApi.admin()
                .body("{\"name\":\"app\",\"kind\":\"container\",\"image\":\"" + image + "\"" + more + "}")
                .post(project + "/instances?wait=30s")
                .then()
                .statusCode(200)
                .body("state", equalTo("succeeded"));
        return project + "/instances/app";
    }

    private static ValidatableResponse patched(String instance, String body) {
        AdminApi.patch(instance, body).statusCode(200).body("state", equalTo("succeeded"));
        return AdminApi.admin().get(instance).then();
    }

    @Test
    void whatWasGivenGoesAndTheImageIsHeardAgain() {
        String app = made(
                FULL,
                ",\"entrypoint\":[\"tini\"],\"command\":[\"worker\"],\"env\":{\"PATH\":\"/own\",\"MORE\":\"1\"},"
                        + "\"user\":\"7:7\",\"workingDirectory\":\"/tmp\",\"stopSignal\":\"SIGINT\",\"tty\":true,\"stdin\":true,"
                        + "\"health\":{\"command\":[\"own\"]}");
        patched(
                        app,
                        "{\"user\":null,\"workingDirectory\":null,\"stopSignal\":null,\"env\":null,\"tty\":null,\"stdin\":null}")
                .body("spec.process.args", contains("tini", "worker"))
                .body("spec.process.env", contains("PATH=/usr/local/bin:/usr/bin:/bin"))
                .body("spec.process.user", equalTo("1000"))
                .body("spec.process.workingDirectory", equalTo("/srv"))
                .body("spec.process.stopSignal", equalTo("SIGQUIT"))
                .body("spec.process.tty", equalTo(false))
                .body("spec.process.stdin", equalTo(false))
                .body("spec.health.command", contains("own"));
        patched(app, "{\"health\":null}")
                .body("spec.health.command", contains("check"))
                .body("spec.health.retries", equalTo(2));
        patched(app, "{\"health\":{\"command\":[]}}").body("spec.health", nullValue());
        patched(app, "{\"health\":null}").body("spec.health.command", contains("check"));
    }

    @Test
    void entryPointAndCommandGoApartAndTogether() {
        String app = made(FULL, ",\"command\":[\"worker\"]");
        String args = "spec.process.args";
        patched(app, "{\"command\":null}").body(args, contains("entry", "full-app"));
        patched(app, "{\"entrypoint\":[\"tini\"],\"command\":[\"worker\"]}").body(args, contains("tini", "worker"));
        AdminApi.patch(app, "{\"command\":null}")
                .statusCode(400)
                .body("errors.pointer", contains("/command"))
                .body("detail", containsString("give entrypoint and command together"));
        patched(app, "{\"entrypoint\":null,\"command\":[\"-v\"]}").body(args, contains("entry", "-v"));
        patched(app, "{\"entrypoint\":[\"tini\"],\"command\":null}").body(args, contains("tini"));
        patched(app, "{\"entrypoint\":null}").body(args, contains("entry", "full-app"));
        patched(app, "{\"entrypoint\":[\"tini\"],\"command\":[]}").body(args, contains("tini"));
        patched(app, "{\"entrypoint\":null,\"command\":null}").body(args, contains("entry", "full-app"));
    }

    @Test
    void whatNoImageSaysIsAsUsualAgain() {
        String app = made(
                "busybox",
                ",\"command\":[\"httpd\"],\"hostname\":\"other\",\"extraHosts\":{\"db\":\"10.1.2.3\"},"
                        + "\"restart\":{\"policy\":\"on-failure\",\"maxRetries\":3},\"deletionProtection\":true,"
                        + "\"limits\":{\"pids\":77,\"cpuMillis\":500,\"swap\":4096,\"ioWeight\":7},"
                        + "\"security\":{\"readOnlyRoot\":true,\"noNewPrivileges\":false,\"dropCapabilities\":[\"ALL\"]},"
                        + "\"mounts\":[{\"tmpfs\":65536,\"target\":\"/scratch\"}]");
        patched(app, "{\"limits\":{\"cpuMillis\":null,\"pids\":null},\"security\":{\"readOnlyRoot\":null}}")
                .body("spec.limits.cpuMillis", nullValue())
                .body("spec.limits.pids", equalTo(4096))
                .body("spec.limits.swap", equalTo(4096))
                .body("spec.limits.ioWeight", equalTo(7))
                .body("spec.security.readOnlyRoot", equalTo(false))
                .body("spec.security.noNewPrivileges", equalTo(false))
                .body("spec.security.dropCapabilities", contains("ALL"));
        patched(app, "{\"limits\":null,\"security\":null,\"restart\":null,\"extraHosts\":null,\"hostname\":null}")
                .body("spec.limits.swap", equalTo(0))
                .body("spec.limits.ioWeight", equalTo(100))
                .body("spec.security.noNewPrivileges", equalTo(true))
                .body("spec.security.dropCapabilities", empty())
                .body("spec.restart.kind", equalTo("no"))
                .body("spec.extraHosts.size()", equalTo(0))
                .body("spec.hostname", nullValue())
                .body("spec.tmpfs.target", contains("/scratch"))
                .body("deletionProtection", equalTo(true));
        patched(app, "{\"mounts\":null,\"publish\":null,\"deletionProtection\":null}")
                .body("spec.tmpfs", empty())
                .body("deletionProtection", equalTo(false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\":null} | invalid-argument | /name",
                "{\"cpus\":null} | invalid-argument | /cpus",
                "{\"memory\":null} | invalid-argument | /memory",
                "{\"disks\":null} | invalid-argument | /disks",
                "{\"env\":{\"A\":null}} | invalid-argument | /env",
                "{\"extraHosts\":{\"a\":null}} | invalid-argument | /extraHosts/a",
                "{\"restart\":{\"policy\":null}} | invalid-argument | /restart/policy",
                "{\"health\":{\"command\":null}} | invalid-argument | /health/command",
                "{\"cleared\":[\"/user\"]} | unknown-field | /cleared",
                "{\"kind\":null} | unknown-field | /kind",
                "[null] | invalid-argument | ''"
            })
    void whereNullMeansNothingItIsRefused(String body, String code, String pointer) {
        String app = made("busybox", ",\"command\":[\"httpd\"],\"user\":\"7\"");
        ValidatableResponse refused = AdminApi.patch(app, body).statusCode(400).body("code", equalTo(code));
        if (!pointer.isEmpty()) {
            refused.body("errors.pointer", hasItems(pointer));
        }
        refused.body("detail", not(containsString("cleared,")));
        AdminApi.admin().get(app).then().body("spec.process.user", equalTo("7"));
    }

    @Test
    void aMachineHasNothingOfItToTakeAway() {
        AdminApi.ensureTinyImage();
        AdminApi.admin()
                .body("{\"name\":\"machine\",\"image\":\"tiny\"}")
                .post(project + "/instances?wait=30s")
                .then()
                .statusCode(200);
        AdminApi.patch(project + "/instances/machine", "{\"user\":null}")
                .statusCode(400)
                .body("errors.pointer", hasItem("/user"));
        patched(project + "/instances/machine", "{\"deletionProtection\":null}")
                .body("deletionProtection", equalTo(false));
    }
}
