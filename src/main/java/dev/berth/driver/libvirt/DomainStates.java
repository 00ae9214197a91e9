package dev.berth.driver.libvirt;

import dev.berth.driver.RunState;
import dev.berth.ffi.VirtDomain;
import org.jspecify.annotations.Nullable;

/** The meaning of libvirt's state and reason numbers ({@code virDomainState}, {@code virDomainShutoffReason}, …). */
final class DomainStates {
    private static final int PAUSED = 3;
    private static final int SHUT_OFF = 5;
    private static final int CRASHED = 6;
    private static final int SUSPENDED_BY_GUEST = 7;

    private static final int SHUT_OFF_CRASHED = 3;
    private static final int SHUT_OFF_FAILED = 6;
    private static final int PAUSED_IO_ERROR = 5;
    private static final int PAUSED_CRASHED = 10;

    private DomainStates() {}

    static RunState runState(VirtDomain.State seen) {
        return switch (seen.state()) {
            case PAUSED -> seen.reason() == PAUSED_CRASHED ? RunState.CRASHED : RunState.PAUSED;
            case SUSPENDED_BY_GUEST -> RunState.PAUSED;
            case SHUT_OFF -> seen.reason() == SHUT_OFF_CRASHED ? RunState.CRASHED : RunState.STOPPED;
            case CRASHED -> RunState.CRASHED;
            default -> RunState.RUNNING;
        };
    }

    /** Why, when it is worth telling. */
    static @Nullable String reason(VirtDomain.State seen) {
        return switch (seen.state()) {
            case PAUSED ->
                switch (seen.reason()) {
                    case PAUSED_IO_ERROR -> "paused by a disk error; the node's disk may be full";
                    case PAUSED_CRASHED -> "the guest's kernel panicked";
                    default -> null;
                };
            case SHUT_OFF ->
                switch (seen.reason()) {
                    case SHUT_OFF_CRASHED -> "QEMU ended unexpectedly; see its log";
                    case SHUT_OFF_FAILED -> "it could not be started";
                    default -> null;
                };
            case CRASHED -> "the guest's kernel panicked";
            case SUSPENDED_BY_GUEST -> "the guest suspended itself";
            default -> null;
        };
    }

    static boolean active(VirtDomain.State seen) {
        return seen.state() != SHUT_OFF && seen.state() != 0;
    }
}
