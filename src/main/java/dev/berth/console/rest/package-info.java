/** REST resources of {@link dev.berth.console}. */
@NullMarked
package dev.berth.console.rest;

import org.jspecify.annotations.NullMarked;
