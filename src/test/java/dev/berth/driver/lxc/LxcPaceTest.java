package dev.berth.driver.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.driver.ExecSpec;
import dev.berth.driver.Executing;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StopMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How long the steps of a container's life take; printed, and held to generous limits. Needs root. */
@Tag("lxc")
@Tag("bench")
class LxcPaceTest {
    private static final int WARM = 15;
    private static final int ROUNDS = 40;

    private final Map<String, List<Long>> times = new TreeMap<>();

    @Test
    void stepsAreQuick() {
        try (LxcHost host = LxcHost.open()) {
            for (int round = 0; round < WARM + ROUNDS; round++) {
                if (round == WARM) {
                    times.clear();
                }
                live(host);
            }
        }
        times.forEach((step, micros) -> {
            micros.sort(null);
            System.out.printf(
                    "%-10s p50 %6.1f ms  p95 %6.1f ms%n",
                    step, micros.get(micros.size() / 2) / 1000.0, micros.get(micros.size() * 95 / 100) / 1000.0);
        });
        assertThat(times.get("1 define")).isNotEmpty();
    }

    private void live(LxcHost host) {
        InstanceDefinition definition = host.definition(LxcHost.script("exec sleep 1000"));
        LxcDriver driver = host.driver();
        measure("1 define", () -> driver.define(definition, ProgressSink.NONE));
        measure("2 start", () -> driver.start(definition.id()));
        measure("3 observe", () -> driver.observe(definition.id()));
        ExecSpec quick = new ExecSpec(List.of("/bin/true"), List.of(), null, null, false);
        measure("4 exec", () -> driver.require(Executing.class)
                .exec(definition.id(), quick, "", Duration.ofSeconds(20)));
        measure("5 stop", () -> driver.stop(definition.id(), StopMode.FORCE, Duration.ZERO));
        measure("6 destroy", () -> driver.destroy(definition.id()));
    }

    private void measure(String step, Runnable work) {
        long begin = System.nanoTime();
        work.run();
        times.computeIfAbsent(step, name -> new ArrayList<>()).add((System.nanoTime() - begin) / 1000);
    }
}
