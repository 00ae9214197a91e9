package dev.berth.driver.nft;

import dev.berth.driver.InstanceKind;
import dev.berth.driver.Publication;
import dev.berth.driver.Publication.Protocol;
import dev.berth.kernel.Ipv4;
import dev.berth.kernel.MacAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a guard costs beside 0 and 1000 published ports, and what it costs to make all rules anew. */
@Tag("bench")
class PortRulesBench {
    private static final int ROUNDS = 100;

    private static Guard guard(int number) {
        Ipv4 address = Ipv4.ofBits((10L << 24) + (215L << 16) + 256 + number);
        GuardedPort port =
                new GuardedPort(GuardedPort.container(UUID.randomUUID()), MacAddress.random(), address, "hnbench");
        return new Guard("project", List.of(port), List.of(new Publication(Protocol.TCP, null, 30_000 + number, 80)));
    }

    @Test
    void measure() {
        for (int others : new int[] {0, 1000}) {
            try (NodeRules node = new NodeRules("berth_bench", ProjectNumbers.forgetful())) {
                PortRules rules = node.ports(InstanceKind.CONTAINER);
                Map<UUID, Guard> present = new HashMap<>();
                for (int i = 0; i < others; i++) {
                    present.put(UUID.randomUUID(), guard(i));
                }
                rules.recover(present);
                long[] recover = samples(10, () -> rules.recover(present));
                UUID instance = UUID.randomUUID();
                long[] guard = new long[ROUNDS];
                long[] forget = new long[ROUNDS];
                for (int i = 0; i < ROUNDS; i++) {
                    Guard wanted = guard(2000);
                    guard[i] = samples(1, () -> rules.guard(instance, wanted))[0];
                    forget[i] = samples(1, () -> rules.forget(instance))[0];
                }
                System.out.println("beside " + others + " published ports: guard " + quantiles(guard) + ", forget "
                        + quantiles(forget) + ", all anew " + quantiles(recover));
                node.remove();
            }
        }
    }

    private static long[] samples(int count, Runnable work) {
        long[] times = new long[count];
        for (int i = 0; i < count; i++) {
            long begin = System.nanoTime();
            work.run();
            times[i] = System.nanoTime() - begin;
        }
        return times;
    }

    private static String quantiles(long[] times) {
        Arrays.sort(times);
        return String.format(
                Locale.ROOT,
                "p50 %.1f ms p95 %.1f ms",
                times[times.length / 2] / 1e6,
                times[times.length * 95 / 100] / 1e6);
    }
}
