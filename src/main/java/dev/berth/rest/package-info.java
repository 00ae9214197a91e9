/** Conventions that all REST resources share: problem+json, paging, ETags, idempotency, waiting. */
@NullMarked
package dev.berth.rest;

import org.jspecify.annotations.NullMarked;
