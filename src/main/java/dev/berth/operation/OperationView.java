package dev.berth.operation;

import dev.berth.driver.Progress;
import dev.berth.kernel.Subject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An operation as everybody sees it.
 *
 * @param steps all steps in order, with what became of each
 * @param waitingFor why it does not go on at the moment (a node that cannot be reached), or null
 * @param error what failed; null unless FAILED, CANCELLED or UNDOING
 */
public record OperationView(
        UUID id,
        String type,
        @Nullable UUID project,
        Subject subject,
        String actor,
        OperationState state,
        @Nullable Progress progress,
        List<StepView> steps,
        @Nullable String waitingFor,
        @Nullable Failure error,
        boolean cancelable,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {

    /** One step and its state: {@code pending}, {@code running}, {@code done}, {@code undone}. */
    public record StepView(String name, String state) {}

    /** Why an operation did not succeed; the same code and details as in {@code problem+json}. */
    public record Failure(String code, String message, Map<String, Object> details) {}
}
