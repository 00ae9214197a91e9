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

    /**
     * Whether it is over so soon that its end need not be written by itself: that is written with the end of the next one, and
     * a crash before that has both done again. Nobody sees the next one begin, and a cancellation meanwhile comes after it.
     */
    default boolean brief() {
        return false;
    }

    /** A step from two lambdas. */
    static <P extends Record> Step<P> of(String name, Action<P> apply, Action<P> undo) {
        return new Simple<>(name, false, apply, undo);
    }

    /** A {@linkplain #brief} step from two lambdas. */
    static <P extends Record> Step<P> brief(String name, Action<P> apply, Action<P> undo) {
        return new Simple<>(name, true, apply, undo);
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

    /** A step that is made of its parts. */
    record Simple<P extends Record>(String name, boolean brief, Action<P> applying, Action<P> undoing)
            implements Step<P> {
        @Override
        public void apply(P parameters, StepContext context) {
            applying.run(parameters, context);
        }

        @Override
        public void undo(P parameters, StepContext context) {
            undoing.run(parameters, context);
        }
    }
}
