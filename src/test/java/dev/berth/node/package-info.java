/** Tests of nodes that hang, go away and come back. */
@NullMarked
package dev.berth.node;

import org.jspecify.annotations.NullMarked;
