/** REST resources of {@link dev.berth.instance}. */
@NullMarked
package dev.berth.instance.rest;

import org.jspecify.annotations.NullMarked;
