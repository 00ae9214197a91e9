package dev.berth.ffi;

import com.sun.jna.LastErrorException;

/** A system call that failed, with its {@code errno}. */
public final class LinuxException extends RuntimeException {
    public static final int NO_ENTRY = 2;
    public static final int NO_PROCESS = 3;
    public static final int NOT_A_DIRECTORY = 20;
    public static final int TOO_MANY_LINKS = 40;
    public static final int NOT_PERMITTED = 1;
    public static final int BUSY = 16;
    static final int TRY_AGAIN = 11;
    private static final int EXISTS = 17;
    private static final int INTERRUPTED = 4;

    private static final long serialVersionUID = 1L;

    private final int errno;

    LinuxException(String call, LastErrorException cause) {
        super(call + ": " + cause.getMessage(), cause);
        this.errno = cause.getErrorCode();
    }

    public int errno() {
        return errno;
    }

    /** Whether it says that something is not there, or not anymore. */
    public boolean isAbsence() {
        return errno == NO_ENTRY || errno == NO_PROCESS || errno == NOT_A_DIRECTORY;
    }

    public boolean isExistence() {
        return errno == EXISTS;
    }

    boolean isInterruption() {
        return errno == INTERRUPTED;
    }
}
