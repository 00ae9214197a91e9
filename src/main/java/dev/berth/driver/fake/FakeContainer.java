package dev.berth.driver.fake;

import dev.berth.driver.ObservedState;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What only containers have of a fake instance. Guarded by the instance's lock, apart from its parts with locks of their own. */
final class FakeContainer {
    final FakeRecords records = new FakeRecords();
    final ConcurrentHashMap<UUID, FakeFiles.Part> parts = new ConcurrentHashMap<>();
    volatile FakeFiles files = new FakeFiles();
    volatile ObservedState.@Nullable Exit exit;
    volatile ObservedState.@Nullable Health health;
    volatile @Nullable String reason;
    /** Counts its starts, so that what was planned for an earlier one is known to be late. */
    final AtomicLong run = new AtomicLong();
    /** Restarts in a row. */
    final AtomicInteger restarts = new AtomicInteger();
}
