package dev.berth.operation;

import dev.berth.kernel.Subject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Work to be done.
 *
 * @param id chosen by the caller, so that a quota reservation can name it
 * @param project owning project, or null for work that belongs to the installation
 * @param queueKey operations with the same key run in order, for example {@code instance:<id>}
 * @param actor name of who asked
 */
public record OperationRequest<P extends Record>(
        UUID id,
        OperationType<P> type,
        P parameters,
        @Nullable UUID project,
        Subject subject,
        String queueKey,
        String actor) {}
