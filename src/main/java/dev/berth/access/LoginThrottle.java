package dev.berth.access;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Slows guessing down: after 5 failures for a name from one address, or 50 from one address, each further try has to wait,
 * twice as long each time, from 1 second up to 15 minutes.
 */
@ApplicationScoped
public class LoginThrottle {
    private static final int FREE = 5;
    /** Many people may share one address. */
    private static final int FREE_OF_ADDRESS = 50;

    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final int MOST_KEYS = 10_000;
    private final Clock clock;
    private final Map<String, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > MOST_KEYS;
        }
    };

    LoginThrottle(Clock clock) {
        this.clock = clock;
    }

    private record Failures(int count, Instant last) {
        Instant openAt(int free) {
            if (count < free) {
                return Instant.MIN;
            }
            long seconds = 1L << Math.min(count - free, 20);
            return last.plus(seconds > LONGEST.toSeconds() ? LONGEST : Duration.ofSeconds(seconds));
        }
    }

    /**
     * Refuses while a name or an address has to wait; otherwise counts the try as failed until {@link #succeeded}.
     *
     * @throws BerthException THROTTLED with detail {@code retryAfter} in seconds
     */
    synchronized void attempt(String what, String name, String address) {
        Instant now = clock.instant();
        for (Key key : keys(what, name, address)) {
            Failures known = failures.get(key.text());
            if (known != null && now.isBefore(known.openAt(key.free()))) {
                long wait = Duration.between(now, known.openAt(key.free())).toSeconds() + 1;
                throw BerthException.of(
                                ErrorCode.THROTTLED,
                                "Too many failed tries; wait " + wait + " seconds before the next one.")
                        .with("retryAfter", wait);
            }
        }
        for (Key key : keys(what, name, address)) {
            failures.put(key.text(), new Failures(recent(failures.get(key.text()), now) + 1, now));
        }
    }

    private static int recent(@Nullable Failures known, Instant now) {
        return known == null || known.last().plus(LONGEST.multipliedBy(2)).isBefore(now) ? 0 : known.count();
    }

    /** The try was none of a guesser after all. */
    synchronized void succeeded(String what, String name, String address) {
        List<Key> keys = keys(what, name, address);
        failures.remove(keys.getFirst().text());
        failures.computeIfPresent(
                keys.getLast().text(),
                (key, known) -> known.count() <= 1 ? null : new Failures(known.count() - 1, known.last()));
    }

    /** What is counted, and how many failures of it cost nothing. */
    private record Key(String text, int free) {}

    /** The name counts per address too, so that a stranger cannot lock a user out from everywhere. */
    private static List<Key> keys(String what, String name, String address) {
        return List.of(
                new Key(what + ":" + name.toLowerCase(Locale.ROOT) + "@" + address, FREE),
                new Key(what + "-address:" + address, FREE_OF_ADDRESS));
    }
}
