package dev.berth.driver.libvirt;

import dev.berth.driver.NodeFailures;
import dev.berth.ffi.VirtConnection;
import dev.berth.ffi.VirtException;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;

/** The translation of what libvirt reports into Berth's codes. */
final class Failures {
    private Failures() {}

    /** Does something that is right where libvirt says that it need not be done in this state. */
    static void unlessInvalid(Runnable call) {
        try {
            call.run();
        } catch (VirtException e) {
            if (e.code() != VirtException.OPERATION_INVALID) {
                throw e;
            }
        }
    }

    /** What a call on a connection failed with. */
    static BerthException of(VirtException e, VirtConnection connection) {
        return connection.isAlive()
                ? translate(e)
                : Hypervisor.unavailable(
                        "libvirtd went away during the call. Check it; the driver reconnects by itself.", e);
    }

    private static BerthException translate(VirtException e) {
        ErrorCode code =
                switch (e.code()) {
                    case VirtException.NO_DOMAIN, VirtException.NO_NETWORK -> ErrorCode.NOT_FOUND;
                    case VirtException.OPERATION_INVALID -> ErrorCode.WRONG_STATE;
                    case VirtException.OPERATION_TIMEOUT -> ErrorCode.DEADLINE_EXCEEDED;
                    case VirtException.NO_SUPPORT,
                            VirtException.CONFIG_UNSUPPORTED,
                            VirtException.ARGUMENT_UNSUPPORTED,
                            VirtException.OPERATION_UNSUPPORTED -> ErrorCode.UNSUPPORTED;
                    default -> NodeFailures.outOfSpace(e.message()) ? ErrorCode.OUT_OF_SPACE : ErrorCode.DRIVER_FAILED;
                };
        return BerthException.of(code, "libvirt refused: " + NodeFailures.shorten(e.message()), e)
                .with("libvirtCode", e.code());
    }
}
