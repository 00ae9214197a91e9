package dev.berth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * {@code infra/bench}: measures the packaged application. Arguments: rounds with real machines, size of the fake fleet,
 * rounds with real containers.
 */
public final class BenchMain {
    private BenchMain() {}

    public static void main(String[] args) throws Exception {
        int rounds = Integer.parseInt(args[0]);
        int fleet = Integer.parseInt(args[1]);
        int containers = Integer.parseInt(args[2]);
        Table table = new Table();
        if (rounds > 0) {
            new MachineBench(rounds, table).run(state());
        }
        if (fleet > 0) {
            new FleetBench(fleet, table).run(state());
        }
        if (containers > 0) {
            new ContainerBench(containers, table).run(state());
        }
    }

    private static Path state() throws IOException {
        Path state = Files.createTempDirectory("");
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxr-xr-x"));
        return state;
    }
}
