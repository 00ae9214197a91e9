package dev.berth.driver.lxc;

import static dev.berth.driver.lxc.ContainerVolumesTest.in;
import static dev.berth.driver.lxc.ContainerVolumesTest.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.ExecSpec;
import dev.berth.driver.Executing;
import dev.berth.driver.RunState;
import dev.berth.driver.StopMode;
import dev.berth.ffi.FileLock;
import dev.berth.installation.Await;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The process that forks for the driver. Needs root. */
@Tag("lxc")
class LaunchServerTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @AutoClose
    private final LxcHost host = LxcHost.open();

    private Path socket(UUID id) {
        return Trees.list(host.files(id).layout().containers()).stream()
                .filter(file -> file.getFileName().toString().startsWith(".launch-"))
                .findFirst()
                .orElseThrow();
    }

    private static List<ProcessHandle> servers(Path socket) {
        return commands("serve\0" + socket);
    }

    private static List<ProcessHandle> commands(String part) {
        return ProcessHandle.allProcesses()
                .filter(process -> Trees.text(Path.of("/proc/" + process.pid() + "/cmdline"))
                        .contains(part))
                .toList();
    }

    @Test
    void isStartedAnewWhenItWasKilledAndContainersGoOn() {
        UUID id = host.running(with());
        Path socket = socket(id);
        ProcessHandle server = servers(socket).getFirst();
        server.destroyForcibly();
        Await.until(SOON, () -> "the server is still there", () -> !server.isAlive());
        assertThat(in(host, id, "echo still here")).isEqualTo("still here\n");
        assertThat(servers(socket)).hasSize(1).doesNotContain(server);
        assertThat(host.driver().observe(id).state()).isEqualTo(RunState.RUNNING);
    }

    @Test
    void endsWithItsDriverAndContainersGoOn() {
        UUID id = host.running(with());
        Path socket = socket(id);
        assertThat(servers(socket)).hasSize(1);
        host.restarted();
        assertThat(servers(socket)).isEmpty();
        assertThat(socket).doesNotExist();
        assertThat(in(host, id, "echo still here")).isEqualTo("still here\n");
    }

    @Test
    void showsWhatItsChildrenAreFor() {
        UUID id = host.running(with());
        assertThat(commands("berth-launch\0start\0" + host.files(id).directory()))
                .isNotEmpty()
                .allSatisfy(process -> assertThat(Trees.text(Path.of("/proc/" + process.pid() + "/comm")))
                        .startsWith("berth-"));
    }

    @Test
    void whatIsExecutedEndsWithItsTime() {
        UUID id = host.running(with());
        Executing executing = host.driver().require(Executing.class);
        assertThatThrownBy(() -> executing.exec(
                        id,
                        new ExecSpec(List.of("sleep", "4711"), List.of(), null, null, false),
                        "",
                        Duration.ofMillis(300)))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
        Await.until(SOON, () -> "it goes on", () -> commands("sleep\u00004711").isEmpty());
        Await.until(SOON, () -> "its helper goes on", () -> commands(
                        "berth-launch\0exec\0" + host.files(id).directory())
                .isEmpty());
    }

    @Test
    void whatItsCallerGaveUpIsKilled() {
        UUID id = host.running(with());
        ContainerFiles files = host.files(id);
        host.driver().stop(id, StopMode.FORCE, Duration.ZERO);
        LxcSettings settings =
                new LxcSettings(files.layout(), Path.of("target/native"), DriverPolicy.NONE, Instant.EPOCH);
        try (FileLock hindrance = FileLock.take(files.lock(), SOON).orElseThrow();
                LaunchServer server = new LaunchServer(settings)) {
            String command = "berth-launch\0start\0" + files.directory();
            SocketLink start = server.request("start", files);
            Await.until(SOON, () -> "it does not begin", () -> commands(command).size() == 1);
            start.close();
            Await.until(SOON, () -> "it goes on", () -> commands(command).isEmpty());
        }
        host.driver().start(id);
    }

    @Test
    void answersNobodyElse() throws IOException, InterruptedException {
        UUID id = host.running(with());
        String client = "import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); "
                + "words = b'exec\\0' + sys.argv[2].encode() + b'\\0'; "
                + "s.sendall(bytes([5, 0, 0, 0]) + len(words).to_bytes(4, 'big') + words); "
                + "sys.exit(len(s.recv(1)))";
        Process stranger = new ProcessBuilder(
                        "python3",
                        "-c",
                        client,
                        socket(id).toString(),
                        host.files(id).directory().toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(stranger.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = stranger.waitFor();
        assertThat(status == 0 || said.contains("Error")).as(said).isTrue();
        assertThat(Files.getPosixFilePermissions(socket(id))).isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }
}
