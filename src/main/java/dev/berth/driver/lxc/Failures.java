package dev.berth.driver.lxc;

import dev.berth.driver.NodeFailures;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.util.UUID;

/** The translation of what programs and the file system report into Berth's codes. */
final class Failures {
    private Failures() {}

    static BerthException files(String doing, IOException e) {
        return NodeFailures.files(doing, e);
    }

    static BerthException interrupted(String doing, InterruptedException e) {
        Thread.currentThread().interrupt();
        return BerthException.of(ErrorCode.CANCELLED, doing + " was interrupted.", e);
    }

    static BerthException notFound(UUID id) {
        return BerthException.notFound("instance", id);
    }
}
