package dev.berth.agent;

import dev.berth.wire.CallHook;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Halts the agent, as {@code kill -9} would, at the call that the environment names:
 * {@code BERTH_CRASH_AT=<Interface.method>:<before|after>[:<n-th call>]}. For tests; off unless set.
 */
final class CrashHook {
    private CrashHook() {}

    static CallHook fromEnvironment() {
        String wanted = System.getenv("BERTH_CRASH_AT");
        if (wanted == null || wanted.isEmpty()) {
            return CallHook.NONE;
        }
        String[] parts = wanted.split(":");
        int nth = parts.length > 2 ? Integer.parseInt(parts[2]) : 1;
        AtomicInteger calls = new AtomicInteger();
        return (method, after) -> {
            String when = after ? "after" : "before";
            if (method.equals(parts[0])
                    && when.equals(parts[1].toLowerCase(Locale.ROOT))
                    && calls.incrementAndGet() == nth) {
                System.err.println("BERTH_CRASH_AT reached: " + wanted);
                Runtime.getRuntime().halt(137);
            }
        };
    }
}
