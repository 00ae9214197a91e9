package dev.berth.operation;

/**
 * One named part of an operation. Both methods may run more than once and must come to the same end each time.
 *
 * @param <P> parameters of the operation
 */
public interface Step<P extends Record> {
    /** Unique within its operation; kebab-case, for example {@code create-disks}. */
    String name();

    /** Does the work. Runs outside of any transaction; a step that writes to the database opens its own. */
    void apply(P parameters, StepContext context);

    /** Takes the work back, also when {@link #apply} did only a part of it. */
    default void undo(P parameters, StepContext context) {}

    /** A step from two lambdas. */
    static <P extends Record> Step<P> of(String name, Action<P> apply, Action<P> undo) {
        return new Step<>() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void apply(P parameters, StepContext context) {
                apply.run(parameters, context);
            }

            @Override
            public void undo(P parameters, StepContext context) {
                undo.run(parameters, context);
            }
        };
    }

    /** A step that has nothing to take back. */
    static <P extends Record> Step<P> of(String name, Action<P> apply) {
        return of(name, apply, (parameters, context) -> {});
    }

    /** The body of a step. */
    @FunctionalInterface
    interface Action<P extends Record> {
        void run(P parameters, StepContext context);
    }
}
