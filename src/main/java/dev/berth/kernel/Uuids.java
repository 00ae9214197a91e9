package dev.berth.kernel;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Time-ordered UUIDs, version 7 of RFC 9562: 48 bits of Unix milliseconds, then random bits. */
public final class Uuids {
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final Pattern CANONICAL =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private Uuids() {}

    public static UUID next() {
        return at(System.currentTimeMillis());
    }

    /** A UUID in its usual form of 36 characters; empty for anything else. */
    public static Optional<UUID> parse(String text) {
        return CANONICAL.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }

    static UUID at(long unixMillis) {
        long high = unixMillis << 16 | 0x7000L | (RANDOM.nextInt() & 0xFFFL);
        long low = RANDOM.nextLong() >>> 2 | 0x8000000000000000L;
        return new UUID(high, low);
    }
}
