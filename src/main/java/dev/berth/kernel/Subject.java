package dev.berth.kernel;

import java.util.UUID;

/**
 * What an operation or an event is about.
 *
 * @param kind {@code instance}, {@code image}, {@code node} …
 * @param name its name when the operation was submitted
 */
public record Subject(String kind, UUID id, String name) {}
