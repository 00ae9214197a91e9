/**
 * Runs the packaged product as its user would: real controller and agent processes on a private state directory.
 * Tests with the tags {@code packaged}, {@code browser} and {@code bench} build on it.
 */
@NullMarked
package dev.berth.installation;

import org.jspecify.annotations.NullMarked;
