/** Views of {@link dev.berth.access}. */
@NullMarked
package dev.berth.access.ui;

import org.jspecify.annotations.NullMarked;
