/** REST resources of {@link dev.berth.event}. */
@NullMarked
package dev.berth.event.rest;

import org.jspecify.annotations.NullMarked;
