/** REST resources of {@link dev.berth.operation}. */
@NullMarked
package dev.berth.operation.rest;

import org.jspecify.annotations.NullMarked;
