/** REST resources of {@link dev.berth.image}. */
@NullMarked
package dev.berth.image.rest;

import org.jspecify.annotations.NullMarked;
