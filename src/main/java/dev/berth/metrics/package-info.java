/**
 * What Prometheus sees of the fleet, beside what Quarkus tells of the process itself.
 *
 * <p>Counts are read from the database every few seconds by a thread of their own, so that a scrape costs nothing and shows
 * the last known figures while the database is away.
 */
@NullMarked
package dev.berth.metrics;

import org.jspecify.annotations.NullMarked;
