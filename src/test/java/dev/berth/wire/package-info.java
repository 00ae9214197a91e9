/** Tests of {@link dev.berth.wire}. */
@NullMarked
package dev.berth.wire;

import org.jspecify.annotations.NullMarked;
