package dev.berth.operation;

/** A place where a test lets the process die; see {@code BERTH_CRASH_AT}. */
@FunctionalInterface
public interface CrashPoint {
    CrashPoint NONE = (type, step, when) -> {};

    /** Where a step is when the process may die. */
    enum When {
        BEFORE,
        AFTER,
        UNDO
    }

    void reached(String type, String step, When when);

    /**
     * Halts the JVM, as {@code kill -9} would, at the point that the environment names:
     * {@code BERTH_CRASH_AT=<operation type>:<step>:<before|after|undo>}. Off unless set.
     */
    static CrashPoint fromEnvironment() {
        String wanted = System.getenv("BERTH_CRASH_AT");
        if (wanted == null || wanted.isEmpty()) {
            return NONE;
        }
        return (type, step, when) -> {
            if (wanted.equalsIgnoreCase(type + ":" + step + ":" + when)) {
                System.err.println("BERTH_CRASH_AT reached: " + wanted);
                Runtime.getRuntime().halt(137);
            }
        };
    }
}
