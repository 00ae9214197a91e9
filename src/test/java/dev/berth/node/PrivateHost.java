package dev.berth.node;

import dev.berth.installation.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A libvirt host of its own on this machine: its own libvirtd, virtlogd, networks, interfaces and {@code /run}, in a mount
 * and a network namespace. Its libvirtd may be killed and stopped without harm to anybody. Needs root.
 */
final class PrivateHost implements AutoCloseable {
    private final Path home;
    private final Process main;

    private PrivateHost(Path home, Process main) {
        this.home = home;
        this.main = main;
    }

    static PrivateHost start(Path home) {
        try {
            Files.createDirectories(home);
            Process main = new ProcessBuilder("infra/lib/private-host.sh", home.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("host.out").toFile())
                    .start();
            PrivateHost host = new PrivateHost(home, main);
            host.awaitLibvirtd();
            return host;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitLibvirtd() {
        Await.until(
                Duration.ofSeconds(60),
                () -> "libvirtd does not answer: " + read(home.resolve("host.out")),
                () -> Files.exists(home.resolve("libvirtd.pid"))
                        && run("virsh", "-c", "qemu:///system", "--quiet", "version")
                                        .status()
                                == 0);
    }

    /** What to put before a command so that it runs on this host, as the same process. */
    List<String> prefix() {
        return List.of("nsenter", "-t", Long.toString(main.pid()), "-m", "-n", "--");
    }

    /** How a command ended, and what it said. */
    record Ended(int status, String output) {}

    Ended run(String... command) {
        List<String> all = new ArrayList<>(prefix());
        all.addAll(List.of(command));
        try {
            Path output = Files.createTempFile(home, "command", ".out");
            Process process = new ProcessBuilder(all)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(all + " hangs");
            }
            return new Ended(process.exitValue(), Files.readString(output));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    String virsh(String... arguments) {
        List<String> command = new ArrayList<>(List.of("virsh", "-c", "qemu:///system", "--quiet"));
        command.addAll(List.of(arguments));
        Ended ended = run(command.toArray(String[]::new));
        if (ended.status() != 0) {
            throw new AssertionError(command + ": " + ended.output());
        }
        return ended.output();
    }

    void killLibvirtd() {
        write(home.resolve("no-libvirtd"), "");
        signal(libvirtd(), "KILL");
    }

    void startLibvirtd() {
        try {
            Files.delete(home.resolve("no-libvirtd"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitLibvirtd();
    }

    void stopLibvirtd() {
        signal(libvirtd(), "STOP");
    }

    void continueLibvirtd() {
        signal(libvirtd(), "CONT");
    }

    long libvirtd() {
        return Long.parseLong(read(home.resolve("libvirtd.pid")).strip());
    }

    /** The process of a running guest; its pid stays the same as long as the guest was not disturbed. */
    long guest(UUID instance) {
        Path file = Path.of("/proc", Long.toString(main.pid()), "root/run/libvirt/qemu/berth-" + instance + ".pid");
        return Long.parseLong(read(file).strip());
    }

    static boolean runs(long pid) {
        try {
            return !Files.readString(Path.of("/proc", Long.toString(pid), "stat"))
                    .matches("(?s).*\\) [ZX] .*");
        } catch (IOException e) {
            return false;
        }
    }

    static void signal(long pid, String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Ends every process of this host: all that live in its network namespace, and nothing else. QEMU has a mount namespace of
     * its own.
     */
    @Override
    public void close() {
        Path own = namespace(Long.toString(main.pid()));
        for (int round = 0; round < 3; round++) {
            try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
                processes
                        .map(process -> process.getFileName().toString())
                        .filter(name -> name.matches("\\d+"))
                        .filter(pid -> namespace(pid).equals(own))
                        .forEach(pid -> signal(Long.parseLong(pid), "KILL"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        main.onExit().join();
    }

    /** Removes a directory of files that processes of this host have written; after it was closed. */
    static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static Path namespace(String pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", pid, "ns/net"));
        } catch (IOException e) {
            return Path.of("/gone");
        }
    }
}
