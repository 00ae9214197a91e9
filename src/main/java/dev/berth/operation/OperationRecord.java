package dev.berth.operation;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.berth.driver.Progress;
import dev.berth.json.BerthJson;
import dev.berth.kernel.Subject;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An operation as its store keeps it.
 *
 * @param parameters JSON of the type's parameter record
 */
public record OperationRecord(
        UUID id,
        String type,
        String parameters,
        @Nullable UUID project,
        Subject subject,
        String queueKey,
        String actor,
        OperationState state,
        boolean cancelRequested,
        Journal journal,
        @Nullable Progress progress,
        @Nullable String waitingFor,
        OperationView.@Nullable Failure failure,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {

    <P extends Record> P parametersOf(OperationType<P> type) {
        try {
            return BerthJson.mapper().readValue(parameters, type.parameters());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("operation " + id + " has unreadable parameters", e);
        }
    }

    OperationView view(boolean typeCancelable) {
        boolean cancelable = !cancelRequested
                && (state == OperationState.QUEUED || (state == OperationState.RUNNING && typeCancelable));
        return new OperationView(
                id,
                type,
                project,
                subject,
                actor,
                state,
                progress,
                journal.steps().stream().map(journal::view).toList(),
                waitingFor,
                failure,
                cancelable,
                createdAt,
                startedAt,
                finishedAt);
    }
}
