/**
 * The database that Berth brings along: real PostgreSQL binaries, started below the state directory when no database URL is
 * configured. It must run before Quarkus reads its data source, so {@code BerthMain} starts it and hands the address over
 * as system properties.
 */
@NullMarked
package dev.berth.app.database;

import org.jspecify.annotations.NullMarked;
