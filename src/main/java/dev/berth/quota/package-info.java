/**
 * The quota ledger: one row per (scope, resource) with limit, used and reserved.
 *
 * <p>A reservation is one conditional update in the transaction that inserts the resource and its operation, so parallel
 * requests cannot pass a limit together. It belongs to its operation and ends with it. Counters are taken in the order of
 * {@link Resource}; scopes without a limit are counted without being locked first. {@link QuotaReconciler} recounts.
 */
@NullMarked
package dev.berth.quota;

import org.jspecify.annotations.NullMarked;
