package dev.berth.operation;

import java.util.UUID;

/** A run of an operation has been overtaken: another controller took the operation over, so this run must stop at once. */
public final class Superseded extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Superseded(UUID operation) {
        super("operation " + operation + " is being run by another controller");
    }
}
