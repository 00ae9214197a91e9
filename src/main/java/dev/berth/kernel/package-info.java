/**
 * Ids, value types, error codes and {@link Revert}: what every other package may use. Depends on the JDK only.
 *
 * <p>Value types validate in their constructor (size, then characters, then syntax) and throw {@link BerthException} with
 * a code that maps to a 4xx status, so that a value that exists is a value that is valid.
 */
@NullMarked
package dev.berth.kernel;

import org.jspecify.annotations.NullMarked;
