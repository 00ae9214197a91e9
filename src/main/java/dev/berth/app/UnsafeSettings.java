package dev.berth.app;

import dev.berth.access.SessionSettings;
import dev.berth.console.ConsoleSettings;
import dev.berth.image.ImageSettings;
import dev.berth.instance.ContainerSettings;
import dev.berth.node.NodeSettings;
import dev.berth.rest.HttpSettings;
import dev.berth.settings.DatabaseSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/** Looks at start for settings that are fine for a try and unsafe in production, and says so in the log. */
@ApplicationScoped
class UnsafeSettings {
    private static final Logger LOG = Logger.getLogger(UnsafeSettings.class);
    private static final Duration LONG_TICKET = Duration.ofMinutes(2);
    private static final Duration LONG_SESSION = Duration.ofDays(30);
    private final Config config;
    private final NodeSettings node;
    private final ImageSettings image;
    private final SessionSettings session;
    private final ConsoleSettings console;
    private final HttpSettings http;
    private final DatabaseSettings database;
    private final ContainerSettings container;

    UnsafeSettings(
            Config config,
            NodeSettings node,
            ImageSettings image,
            SessionSettings session,
            ConsoleSettings console,
            HttpSettings http,
            DatabaseSettings database,
            ContainerSettings container) {
        this.config = config;
        this.node = node;
        this.image = image;
        this.session = session;
        this.console = console;
        this.http = http;
        this.database = database;
        this.container = container;
    }

    /** One of them, by its property. */
    record Finding(String property, String why) {}

    void start(@Observes Startup event) {
        report();
    }

    void report() {
        for (Finding finding : find()) {
            LOG.warnf("unsafe for production: %s - %s", finding.property(), finding.why());
        }
    }

    List<Finding> find() {
        List<Finding> found = new ArrayList<>();
        boolean plain = !"disabled".equals(value("quarkus.http.insecure-requests"));
        when(
                found,
                plain && !proxied() && !loopback(),
                "quarkus.http.insecure-requests",
                "passwords, tokens and consoles travel unencrypted; set it to disabled and give a certificate with"
                        + " quarkus.tls.key-store.pem.0.cert and .key, or listen on 127.0.0.1 behind a proxy that has one.");
        when(
                found,
                node.local().equals("fake"),
                "berth.node.local",
                "the node is made up and runs nothing; set it to unix:<socket of the agent>.");
        when(
                found,
                database.url().isEmpty(),
                "berth.database.url",
                "the embedded database has no backup and no second controller; name a PostgreSQL of your own.");
        when(
                found,
                image.allowPrivateAddresses(),
                "berth.image.allow-private-addresses",
                "operators can make nodes fetch from your internal network.");
        when(
                found,
                http.allowedOrigins().isPresent(),
                "berth.http.allowed-origins",
                "pages of other origins may open consoles with the cookies of their visitors.");
        when(
                found,
                console.ticketLife().compareTo(LONG_TICKET) > 0,
                "berth.console.ticket-life",
                "a leaked console ticket stays good for long; 30s is enough.");
        when(
                found,
                session.longest().compareTo(LONG_SESSION) > 0,
                "berth.session.longest",
                "a stolen session stays good for long; 7d is the default.");
        when(
                found,
                "true".equals(value("quarkus.http.proxy.allow-x-forwarded"))
                        && value("quarkus.http.proxy.trusted-proxies").isEmpty(),
                "quarkus.http.proxy.trusted-proxies",
                "anybody may claim any address in X-Forwarded-For and so escape the throttle of logins; name your proxies.");
        findContainers(found);
        return List.copyOf(found);
    }

    private void findContainers(List<Finding> found) {
        when(
                found,
                container.allowHostNetwork(),
                "berth.container.allow-host-network",
                "operators reach whatever listens on a node's own addresses.");
        when(
                found,
                container.allowNesting(),
                "berth.container.allow-nesting",
                "containers in containers see more of the kernel than others.");
        when(
                found,
                container.allowCapabilities().isPresent(),
                "berth.container.allow-capabilities",
                "operators can give containers more than the usual capabilities.");
        when(
                found,
                container.allowHostPaths().isPresent(),
                "berth.container.allow-host-paths",
                "operators can mount directories of nodes.");
    }

    private boolean proxied() {
        return "true".equals(value("quarkus.http.proxy.proxy-address-forwarding"))
                || "true".equals(value("quarkus.http.proxy.allow-x-forwarded"));
    }

    private boolean loopback() {
        return List.of("127.0.0.1", "::1", "localhost").contains(value("quarkus.http.host"));
    }

    private String value(String property) {
        return config.getOptionalValue(property, String.class).orElse("");
    }

    private static void when(List<Finding> found, boolean unsafe, String property, String why) {
        if (unsafe) {
            found.add(new Finding(property, why));
        }
    }
}
