package dev.berth.driver.lxc;

import dev.berth.driver.BootTime;
import dev.berth.driver.StoreLayout;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

/**
 * Where the driver finds things on its node.
 *
 * @param programs directory of {@code berth-launch} and its companions
 * @param booted when the node did
 */
public record LxcSettings(StoreLayout layout, Path programs, DriverPolicy policy, Instant booted) {
    /** Longest path of a unix socket, without the closing zero byte. */
    private static final int SOCKET_PATH_LIMIT = 107;

    public LxcSettings {
        layout = new StoreLayout(layout.state().toAbsolutePath().normalize());
        programs = programs.toAbsolutePath().normalize();
        int length = new ContainerFiles(layout, new UUID(0, 0))
                .attachSocket()
                .toString()
                .length();
        if (length > SOCKET_PATH_LIMIT) {
            throw BerthException.of(
                    ErrorCode.INVALID_ARGUMENT,
                    "The state directory " + layout.state()
                            + " is too long for unix sockets below it; choose one that is "
                            + (length - SOCKET_PATH_LIMIT) + " characters shorter.");
        }
    }

    /** Of the node that this process runs on. */
    public static LxcSettings local(StoreLayout layout, Path programs, DriverPolicy policy, Clock clock) {
        return new LxcSettings(layout, programs, policy, new BootTime(clock).get());
    }

    Path launch() {
        return programs.resolve("berth-launch");
    }

    ContainerFiles files(UUID id) {
        return new ContainerFiles(layout, id);
    }
}
