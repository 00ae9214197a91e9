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
 * <p>The first operation of a new subject is never queued: it is running as soon as it is written.
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
