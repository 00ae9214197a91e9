package dev.berth.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import dev.berth.driver.NodeDrivers;
import dev.berth.node.Node;
import dev.berth.node.Nodes;
import dev.berth.sql.Sql;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Creates that come before the node has its default network, in an application of its own where nobody has an address. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(FirstMomentTest.Fresh.class)
class FirstMomentTest {
    @Inject
    Nodes nodes;

    @Inject
    Sql sql;

    /** As usual, but not shared with other tests. */
    public static final class Fresh implements QuarkusTestProfile {}

    @BeforeEach
    void takeTheNetworkAway() throws InterruptedException {
        while (!nodes.choose().connected()) {
            Thread.sleep(20);
        }
        AdminApi.ensureTinyImage();
        Containers.ensureBusybox();
        Node node = nodes.choose();
        NodeDrivers drivers = nodes.drivers(node.id());
        drivers.networks().networks().forEach(drivers.networks()::removeNetwork);
        QuarkusTransaction.requiringNew().run(() -> {
            sql.update("delete from network_address_freed");
            sql.update("delete from network where node = ?", node.id());
        });
        assertThat(drivers.networks().networks()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"vm", "container"})
    void aCreateThatNamesNoNetworkMakesTheDefaultOneItself(String kind) {
        String image = kind.equals("vm") ? "tiny" : "busybox";
        String project = Containers.newProject();
        AdminApi.admin()
                .body("{\"name\":\"first\",\"kind\":\"" + kind + "\",\"image\":\"" + image + "\",\"start\":true}")
                .post(project + "/instances?wait=20s")
                .then()
                .statusCode(200)
                .body("state", equalTo("succeeded"));
        AdminApi.admin()
                .get(project + "/instances/first")
                .then()
                .body("nics[0].network", equalTo("berth0"))
                .body("nics[0].address", equalTo("10.66.0.10"));
        assertThat(nodes.drivers(nodes.choose().id()).networks().networks()).containsExactly("berth0");
        AdminApi.admin()
                .delete(project + "/instances/first?force=true&wait=20s")
                .then()
                .body("state", equalTo("succeeded"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "elsewhere"})
    void aNetworkThatIsNamedHasToBeThere(String name) {
        AdminApi.admin()
                .body("{\"name\":\"first\",\"image\":\"tiny\",\"nics\":[{\"network\":\"" + name + "\"}]}")
                .post(Containers.newProject() + "/instances")
                .then()
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/nics/0/network"));
    }
}
