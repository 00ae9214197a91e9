package dev.berth.installation;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** virtlogd and libvirtd of this machine, started as an installation starts them. */
public final class LibvirtDaemons {
    private static final long START_SECONDS = 60;

    private LibvirtDaemons() {}

    /** Starts them unless they run. */
    public static synchronized void start() {
        try {
            Process process = new ProcessBuilder(
                            "bash", "-c", "set -eu; . infra/lib/common.sh; . infra/lib/processes.sh; need_libvirtd")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError("libvirtd does not start; run infra/up to see why");
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
