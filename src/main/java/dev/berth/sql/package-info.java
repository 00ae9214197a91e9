/**
 * What the parts of the controller share to keep their rows. What people administer one by one, users and registries, are
 * entities with Panache; their services are {@link dev.berth.sql.Mapped}. Tables that are rows and not objects (operations, the
 * outbox, the ledger, instances by the thousand) are written through {@link dev.berth.sql.Sql}, plain JDBC in the caller's
 * transaction: they need conditional updates, row locks, ordered reads and few round trips, which an object mapper only hides.
 */
@NullMarked
package dev.berth.sql;

import org.jspecify.annotations.NullMarked;
