package dev.berth.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.berth.container.Containers;
import dev.berth.container.TestImage;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A container's log in a browser's own {@code EventSource}, with the session of somebody who has logged in: no line is lost and none
 * comes twice, whatever breaks on the way.
 */
@Tag("browser")
@Tag("packaged")
@Tag("lxc")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LogStreamTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String COUNT = "for i in $(seq 100000); do echo line $i; sleep 0.1; done";
    private static final String LISTEN = """
            url => {
              const seen = { lines: [], opened: 0, broken: 0 };
              const source = new EventSource(url);
              source.onopen = () => seen.opened++;
              source.onerror = () => seen.broken++;
              source.onmessage = event => seen.lines.push(JSON.parse(event.data).text);
              window.source = source;
              window.seen = seen;
            }
            """;
    private final Containers containers = Containers.open();
    private final Chromium chromium = Chromium.launch();
    private final Relay relay = new Relay(containers.installation().url());
    private final Page page = chromium.open(relay.url());

    @BeforeAll
    void logIn() {
        containers.upload("box", TestImage.busybox().command("sh", "-c", COUNT));
        new Journey(page).setUp(containers.installation().setupCode(), "ada", "correct horse battery");
        // A page without scripts of Berth's, which would load it anew when the controller comes back.
        page.navigate("/api/docs/");
    }

    @BeforeEach
    void listen() {
        containers.run("counter", "box", "");
        page.evaluate(LISTEN, Containers.INSTANCES + "/counter/log?tail=0");
        awaitLines(5);
    }

    @AfterEach
    void stop() {
        page.evaluate("() => window.source.close()");
        containers.delete("counter");
    }

    @AfterAll
    void close() {
        try (containers;
                relay;
                chromium) {
            page.close();
        }
    }

    private int number(String expression) {
        return ((Number) page.evaluate(expression)).intValue();
    }

    private int lines() {
        return number("() => window.seen.lines.length");
    }

    private void awaitLines(int count) {
        page.waitForFunction(
                "count => window.seen.lines.length >= count",
                count,
                new Page.WaitForFunctionOptions().setTimeout(PATIENCE.toMillis()));
    }

    private void awaitBreak() {
        page.waitForFunction(
                "() => window.seen.broken > 0",
                null,
                new Page.WaitForFunctionOptions().setTimeout(PATIENCE.toMillis()));
    }

    /** It has come back, and every line from the first to the last came once. */
    private void goesOn() {
        awaitLines(lines() + 20);
        assertThat(number("() => window.seen.opened")).isGreaterThan(1);
        Object seen = page.evaluate("() => window.seen.lines");
        assertThat(seen)
                .isEqualTo(IntStream.rangeClosed(1, ((List<?>) seen).size())
                        .mapToObj(i -> "line " + i)
                        .toList());
    }

    @Test
    void linesArriveAsTheyAreSaid() {
        int before = lines();
        awaitLines(before + 20);
        assertThat(number("() => window.seen.opened")).isEqualTo(1);
        assertThat(number("() => window.seen.broken")).isZero();
        assertThat(page.evaluate("() => window.seen.lines.slice(0, 3)"))
                .isEqualTo(List.of("line 1", "line 2", "line 3"));
    }

    @Test
    void itGoesOnAfterTheControllerWasRestarted() {
        containers.installation().killController();
        awaitBreak();
        containers.startController();
        goesOn();
    }

    @Test
    void itGoesOnAfterTheNetworkWasAway() {
        relay.cut();
        awaitBreak();
        page.waitForTimeout(3000);
        relay.mend();
        goesOn();
    }

    /** Meanwhile the log cannot be read, and a refusal would be the end of an EventSource. */
    @Test
    void itGoesOnAfterTheAgentWasAway() {
        containers.installation().killAgent();
        awaitBreak();
        page.waitForTimeout(5000);
        containers.startAgent();
        goesOn();
    }
}
