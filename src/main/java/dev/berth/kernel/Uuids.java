package dev.berth.kernel;

import java.security.SecureRandom;
import java.util.UUID;

/** Time-ordered UUIDs, version 7 of RFC 9562: 48 bits of Unix milliseconds, then random bits. */
public final class Uuids {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Uuids() {}

    public static UUID next() {
        return at(System.currentTimeMillis());
    }

    static UUID at(long unixMillis) {
        long high = unixMillis << 16 | 0x7000L | (RANDOM.nextInt() & 0xFFFL);
        long low = RANDOM.nextLong() >>> 2 | 0x8000000000000000L;
        return new UUID(high, low);
    }
}
