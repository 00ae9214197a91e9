/** Views of {@link dev.berth.node}. */
@NullMarked
package dev.berth.node.ui;

import org.jspecify.annotations.NullMarked;
