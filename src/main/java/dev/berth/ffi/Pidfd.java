package dev.berth.ffi;

import com.sun.jna.LastErrorException;
import com.sun.jna.Pointer;

/** A process held by descriptor, so that a signal never reaches another one that got its number; see {@code pidfd_open(2)}. */
public final class Pidfd implements AutoCloseable {
    private static final long PIDFD_SEND_SIGNAL = 424;
    private static final long PIDFD_OPEN = 434;

    private final int descriptor;
    private boolean open = true;

    private Pidfd(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Takes hold of a process.
     *
     * @throws LinuxException NO_PROCESS when there is none
     */
    public static Pidfd open(long pid) {
        try {
            return new Pidfd((int) LibcLibrary.INSTANCE.syscall(PIDFD_OPEN, pid, 0L));
        } catch (LastErrorException e) {
            throw new LinuxException("pidfd_open", e);
        }
    }

    /** Sends a signal; nothing happens when the process has ended already. */
    public void send(int signal) {
        try {
            LibcLibrary.INSTANCE.syscall(PIDFD_SEND_SIGNAL, (long) descriptor, (long) signal, Pointer.NULL, 0L);
        } catch (LastErrorException e) {
            LinuxException failure = new LinuxException("pidfd_send_signal", e);
            if (failure.errno() != LinuxException.NO_PROCESS) {
                throw failure;
            }
        }
    }

    int descriptor() {
        return descriptor;
    }

    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            LibcLibrary.INSTANCE.close(descriptor);
        }
    }
}
