/**
 * The quota ledger: one row per (scope, resource) with limit, used and reserved.
 *
 * <p>A reservation is one conditional update in the transaction that inserts the resource and its operation, so parallel
 * requests cannot pass a limit together. It belongs to its operation and ends with it.
 *
 * <p>Only who reserves what has a limit locks the counters, all of the project in one order. Whatever else changes them is
 * written down as a row of {@code quota_change}, which waits for nobody: a transaction that held a counter's lock until its
 * commit had reached the disk would let all of a project's others queue behind it. The sum is the view
 * {@code quota_usage}; the changes are added up before a limit is looked at, and with each recount. {@link QuotaReconciler}
 * recounts.
 */
@NullMarked
package dev.berth.quota;

import org.jspecify.annotations.NullMarked;
