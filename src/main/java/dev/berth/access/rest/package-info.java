/** REST resources of {@link dev.berth.access}. */
@NullMarked
package dev.berth.access.rest;

import org.jspecify.annotations.NullMarked;
