package dev.berth.node;

import dev.berth.driver.NodeDrivers;
import dev.berth.driver.fake.FakeBehaviour;
import dev.berth.driver.fake.FakeNode;
import dev.berth.wire.RemoteNode;
import dev.berth.wire.Transport;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the drivers of a node from its link: {@code fake}, {@code unix:<path>} or {@code tcp:<host>:<port>}. */
@ApplicationScoped
class NodeConnector {
    private final Clock clock;
    private final Duration fakeLatency;
    private final Path tls;

    NodeConnector(
            Clock clock,
            @ConfigProperty(name = "berth.node.fake.latency", defaultValue = "20ms") Duration fakeLatency,
            @ConfigProperty(name = "berth.state", defaultValue = ".berth") Path state) {
        this.clock = clock;
        this.fakeLatency = fakeLatency;
        this.tls = state.resolve("tls");
    }

    NodeDrivers connect(String link) {
        if (link.equals("fake")) {
            return new FakeNode(new FakeBehaviour(fakeLatency), clock);
        }
        return new RemoteNode(Transport.parse(link, tls).connect());
    }
}
