package dev.berth.node;

import dev.berth.driver.NodeDrivers;
import dev.berth.driver.fake.FakeBehaviour;
import dev.berth.driver.fake.FakeNode;
import dev.berth.settings.StateSettings;
import dev.berth.wire.RemoteNode;
import dev.berth.wire.Transport;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes the drivers of a node from its link: {@code fake}, {@code unix:<path>} or {@code tcp:<host>:<port>}. */
@ApplicationScoped
class NodeConnector {
    private static final Pattern TCP = Pattern.compile("tcp:\\[?([^\\]]+?)]?:\\d{1,5}");
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(\\.\\d{1,3}){3}|::1", Pattern.CASE_INSENSITIVE);
    private final Clock clock;
    private final Duration fakeLatency;
    private final Path tls;

    NodeConnector(Clock clock, NodeSettings settings, StateSettings state) {
        this.clock = clock;
        this.fakeLatency = settings.fake().latency();
        this.tls = state.directory().resolve("tls");
    }

    NodeDrivers connect(String link) {
        if (link.equals("fake")) {
            return new FakeNode(new FakeBehaviour(fakeLatency), clock);
        }
        return new RemoteNode(Transport.parse(link, tls).connect());
    }

    /** The host of a link; null for a node on the controller's own host, whatever that is called from outside. */
    static @Nullable String address(String link) {
        Matcher matcher = TCP.matcher(link);
        if (!matcher.matches()) {
            return null;
        }
        String host = matcher.group(1);
        return LOOPBACK.matcher(host).matches() ? null : host;
    }
}
