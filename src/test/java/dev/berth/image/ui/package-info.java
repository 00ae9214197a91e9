/** Tests of the views of {@link dev.berth.image}. */
@NullMarked
package dev.berth.image.ui;

import org.jspecify.annotations.NullMarked;
