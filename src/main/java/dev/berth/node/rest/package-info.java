/** REST resources of {@link dev.berth.node}. */
@NullMarked
package dev.berth.node.rest;

import org.jspecify.annotations.NullMarked;
