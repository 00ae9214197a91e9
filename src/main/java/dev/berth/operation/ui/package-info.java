/** Views of {@link dev.berth.operation}. */
@NullMarked
package dev.berth.operation.ui;

import org.jspecify.annotations.NullMarked;
