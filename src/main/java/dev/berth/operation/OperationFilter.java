package dev.berth.operation;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which operations to list, newest first; null means any.
 *
 * @param before list those older than this id (ids are time-ordered)
 */
public record OperationFilter(
        @Nullable UUID project,
        @Nullable UUID subject,
        @Nullable Boolean active,
        @Nullable UUID before,
        int limit) {}
