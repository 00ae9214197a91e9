/** REST resources of {@link dev.berth.project}. */
@NullMarked
package dev.berth.project.rest;

import org.jspecify.annotations.NullMarked;
