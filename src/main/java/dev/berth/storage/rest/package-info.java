/** REST resources of {@link dev.berth.storage}. */
@NullMarked
package dev.berth.storage.rest;

import org.jspecify.annotations.NullMarked;
