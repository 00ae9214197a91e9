package dev.berth.kernel;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A stack of undo actions for work with several side effects.
 *
 * <p>Register the undo right after each side effect; call {@link #disarm} when all has succeeded. Closing an armed stack
 * runs the actions, newest first; a failing action never hides the original failure or keeps the others from running.
 */
public final class Revert implements AutoCloseable {
    private final Deque<Runnable> actions = new ArrayDeque<>();
    private final java.util.function.Consumer<RuntimeException> failures;

    public Revert() {
        this(e -> System.getLogger(Revert.class.getName()).log(System.Logger.Level.WARNING, "undo failed", e));
    }

    public Revert(java.util.function.Consumer<RuntimeException> failures) {
        this.failures = failures;
    }

    public void add(Runnable undo) {
        actions.push(undo);
    }

    public void disarm() {
        actions.clear();
    }

    @Override
    public void close() {
        while (!actions.isEmpty()) {
            try {
                actions.pop().run();
            } catch (RuntimeException e) {
                failures.accept(e);
            }
        }
    }
}
