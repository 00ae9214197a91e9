package dev.berth.access;

import dev.berth.kernel.Versioned;
import java.time.Instant;
import java.util.UUID;

/** A person who may log in with a password. */
public record User(UUID id, String name, String role, boolean disabled, Instant createdAt, long version)
        implements Versioned {}
