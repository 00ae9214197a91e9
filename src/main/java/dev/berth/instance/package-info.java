/**
 * Instances: virtual machines and, later, containers, in one inventory.
 *
 * <p>{@link dev.berth.instance.Instances} is the way in. Every change is written as an operation in the transaction that
 * also takes quota and addresses; writes to one instance queue in order under the key {@code instance:<id>}. Desired rows
 * are written by users' requests only, observed rows by {@link dev.berth.instance.StateReporter} only. One function,
 * {@code DefinitionRules}, checks the effective configuration on every path that produces one.
 */
@NullMarked
package dev.berth.instance;

import org.jspecify.annotations.NullMarked;
