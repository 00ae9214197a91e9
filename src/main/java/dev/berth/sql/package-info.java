/**
 * Plain JDBC in the caller's transaction, for tables that are rows and not objects: operations, the outbox, the ledger.
 * Those parts need conditional updates, row locks and ordered reads that an object mapper only hides.
 */
@NullMarked
package dev.berth.sql;

import org.jspecify.annotations.NullMarked;
