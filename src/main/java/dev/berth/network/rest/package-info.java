/** REST resources of {@link dev.berth.network}. */
@NullMarked
package dev.berth.network.rest;

import org.jspecify.annotations.NullMarked;
