/** Tests of the views of {@link dev.berth.instance}. */
@NullMarked
package dev.berth.instance.ui;

import org.jspecify.annotations.NullMarked;
