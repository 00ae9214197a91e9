package dev.berth.driver.lxc;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.util.UUID;

/** Failures of this driver's own, in Berth's codes. */
final class Failures {
    private Failures() {}

    static BerthException interrupted(String doing, InterruptedException e) {
        Thread.currentThread().interrupt();
        return BerthException.of(ErrorCode.CANCELLED, doing + " was interrupted.", e);
    }

    static BerthException notFound(UUID id) {
        return BerthException.notFound("instance", id);
    }
}
