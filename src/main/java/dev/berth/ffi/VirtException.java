package dev.berth.ffi;

import java.io.Serial;

/** A failure that libvirt reported, with its own numbers from {@code libvirt/virterror.h}. */
public final class VirtException extends RuntimeException {
    /** The connection does not work any more, or could not be opened. */
    public static final int RPC = 39;

    public static final int OPERATION_FAILED = 9;
    public static final int DOMAIN_EXISTS = 28;
    public static final int NO_DOMAIN = 42;
    public static final int NO_NETWORK = 43;
    public static final int NO_SUPPORT = 3;
    public static final int SYSTEM_ERROR = 38;
    public static final int OPERATION_INVALID = 55;
    public static final int CONFIG_UNSUPPORTED = 67;
    public static final int OPERATION_TIMEOUT = 68;
    public static final int ARGUMENT_UNSUPPORTED = 74;
    public static final int NO_DOMAIN_METADATA = 80;
    public static final int OPERATION_UNSUPPORTED = 84;

    @Serial
    private static final long serialVersionUID = 1L;

    private final int code;
    private final int domain;

    public VirtException(int code, int domain, String message) {
        super(message);
        this.code = code;
        this.domain = domain;
    }

    /** {@code virErrorNumber}. */
    public int code() {
        return code;
    }

    /** {@code virErrorDomain}: which part of libvirt reported it. */
    public int domain() {
        return domain;
    }

    public String message() {
        String message = getMessage();
        return message == null ? "libvirt error " + code : message;
    }
}
