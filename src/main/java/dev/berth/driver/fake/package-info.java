/**
 * A node that exists in memory only: for dev mode, demos and tests, never mocked any further.
 *
 * <p>It keeps the SPI's rules as strictly as the real drivers, answers on its serial console, draws on its display, takes
 * time where real ones do, and fails on demand: see {@link dev.berth.driver.fake.FakeBehaviour}.
 */
@NullMarked
package dev.berth.driver.fake;

import org.jspecify.annotations.NullMarked;
