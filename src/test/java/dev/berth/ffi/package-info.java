/** Tests of {@link dev.berth.ffi}. */
@NullMarked
package dev.berth.ffi;

import org.jspecify.annotations.NullMarked;
