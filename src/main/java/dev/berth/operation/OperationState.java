package dev.berth.operation;

/**
 * Where an operation is.
 *
 * <pre>
 *  QUEUED ──► RUNNING ──► SUCCEEDED
 *    │           │ failure or cancel
 *    │           ▼
 *    │        UNDOING ──► FAILED
 *    └────────────┴─────► CANCELLED
 * </pre>
 *
 * <p>One that {@link Operations#begin} writes is never queued.
 */
public enum OperationState {
    QUEUED,
    RUNNING,
    UNDOING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    public boolean terminal() {
        return switch (this) {
            case QUEUED, RUNNING, UNDOING -> false;
            case SUCCEEDED, FAILED, CANCELLED -> true;
        };
    }
}
