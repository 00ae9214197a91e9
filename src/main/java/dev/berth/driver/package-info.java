/**
 * The driver SPI: what a node can do, as small interfaces over plain records.
 *
 * <p>{@link InstanceDriver} is the core that every driver has; everything else is an optional {@link DriverCapability} that
 * a driver declares in {@link Capabilities} and hands out through {@link InstanceDriver#capability}. Beside it stand the
 * node's other services: {@link ImageDriver}, {@link NetworkDriver} and {@link NodeProbe}.
 *
 * <p>Rules that every implementation keeps, and that the contract suite checks: calls get complete definitions and return
 * data; every call is idempotent (defining twice, starting what runs, destroying what is gone are successes); failures are
 * {@link dev.berth.kernel.BerthException}s; a capability that is not declared fails with {@code UNSUPPORTED}. Calls may
 * block and run on platform threads. The same interfaces are called locally and across the network (package
 * {@code wire}), so parameters and results are records, enums, strings, numbers and lists of these; a {@link ProgressSink}
 * or a callback may only be the last parameter.
 */
@NullMarked
package dev.berth.driver;

import org.jspecify.annotations.NullMarked;
