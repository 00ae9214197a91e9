/**
 * What is left after processes died: {@link dev.berth.crash.CrashTest} kills controller and agent at every place there is,
 * {@link dev.berth.crash.LeakCheck} looks for what nobody owns any more. Hold points are explained in
 * {@link dev.berth.kernel.HoldPoints}.
 */
@NullMarked
package dev.berth.crash;

import org.jspecify.annotations.NullMarked;
