package dev.berth.project;

import dev.berth.kernel.Versioned;
import java.time.Instant;
import java.util.UUID;

/** The unit of ownership and quota. */
public record Project(UUID id, String name, String description, Instant createdAt, long version) implements Versioned {
    /** The project that always exists. */
    public static final UUID DEFAULT = UUID.fromString("01900000-0000-7000-8000-000000000001");
}
