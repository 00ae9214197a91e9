package dev.berth.quota;

import java.util.Map;
import java.util.UUID;

/** What a feature has made in each project, by its own rows; CDI beans, asked by the reconciler. */
public interface QuotaInventory {
    /**
     * All of it, in the caller's transaction; also what is still being made or changed, because the reservations of those
     * operations are taken off.
     */
    Map<UUID, Amounts> amounts();
}
