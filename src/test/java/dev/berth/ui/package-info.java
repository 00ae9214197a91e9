/** Tests of {@link dev.berth.ui}. */
@NullMarked
package dev.berth.ui;

import org.jspecify.annotations.NullMarked;
