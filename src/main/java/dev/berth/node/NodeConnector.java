package dev.berth.node;

import dev.berth.driver.NodeDrivers;
import dev.berth.driver.fake.FakeBehaviour;
import dev.berth.driver.fake.FakeNode;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the drivers of a node from its link: {@code fake} or {@code unix:<path>}. */
@ApplicationScoped
class NodeConnector {
    private final Clock clock;
    private final Duration fakeLatency;

    NodeConnector(
            Clock clock,
            @ConfigProperty(name = "berth.node.fake.latency", defaultValue = "20ms") Duration fakeLatency) {
        this.clock = clock;
        this.fakeLatency = fakeLatency;
    }

    NodeDrivers connect(String link) {
        if (link.equals("fake")) {
            return new FakeNode(new FakeBehaviour(fakeLatency), clock);
        }
        throw BerthException.of(
                ErrorCode.INVALID_ARGUMENT,
                "berth.node.local is 'fake' or 'unix:<path of the agent's socket>', not '" + link + "'.");
    }
}
