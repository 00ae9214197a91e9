package dev.berth.operation;

import dev.berth.kernel.HoldPoints;
import java.util.Locale;
import java.util.function.Consumer;

/** Told where an operation is; how tests let a controller die at a known place. */
@FunctionalInterface
public interface CrashPoint {
    CrashPoint NONE = (operation, step, when) -> {};

    /** Where within a step. */
    enum When {
        /** The journal names the step as under way; nothing of it is done. */
        BEFORE,
        /** The step is done, and the journal does not know. */
        APPLIED,
        /** The journal knows that it is done. */
        AFTER,
        /** It is about to be taken back. */
        UNDO,
        /** It is taken back, and the journal does not know. */
        UNDONE
    }

    void reached(OperationRecord operation, String step, When when);

    /** Holds at {@code <operation type>:<step>:<before|applied|after|undo|undone>}, see {@link HoldPoints}. */
    static CrashPoint fromEnvironment() {
        Consumer<String> points = HoldPoints.fromEnvironment();
        return (operation, step, when) ->
                points.accept(operation.type() + ":" + step + ":" + when.name().toLowerCase(Locale.ROOT));
    }
}
