package dev.berth.driver.lxc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.ContainerSpec;
import dev.berth.driver.ContainerSpec.Limits;
import dev.berth.driver.ContainerSpec.NetworkMode;
import dev.berth.driver.ContainerSpec.Security;
import dev.berth.driver.MountSpec;
import dev.berth.driver.ProcessSpec;
import dev.berth.driver.ProgressSink;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Definitions that are refused before anything is made for them. Needs root. */
@Tag("lxc")
class LxcRefusalTest {
    private static final LxcHost HOST = LxcHost.open();
    private static final ContainerSpec GOOD = LxcHost.script("true");

    @AfterAll
    static void close() {
        HOST.close();
    }

    private static ContainerSpec process(List<String> args, List<String> env, String user, String cwd, String signal) {
        return ContainerSpec.app(new ProcessSpec(args, env, user, cwd, signal, false, false));
    }

    private static ContainerSpec env(String pair) {
        return process(List.of("/bin/true"), List.of(pair), "root", "/", "SIGTERM");
    }

    private static ContainerSpec user(String user) {
        return process(List.of("/bin/true"), List.of(), user, "/", "SIGTERM");
    }

    private static ContainerSpec directory(String path) {
        return process(List.of("/bin/true"), List.of(), "root", path, "SIGTERM");
    }

    private static ContainerSpec security(List<String> add, boolean nesting) {
        return spec(
                NetworkMode.BRIDGE,
                new Security(false, true, add, List.of(), nesting),
                Limits.USUAL,
                List.of(),
                Map.of());
    }

    private static ContainerSpec mount(String hostPath, String target) {
        MountSpec mount = new MountSpec(null, hostPath, target, false, false);
        return spec(NetworkMode.BRIDGE, Security.APP, Limits.USUAL, List.of(mount), Map.of());
    }

    private static ContainerSpec limits(int weight, int pids) {
        Limits limits = new Limits(weight, null, 0, pids, 100, List.of());
        return spec(NetworkMode.BRIDGE, Security.APP, limits, List.of(), Map.of());
    }

    private static ContainerSpec hosts(String name, String address) {
        return spec(NetworkMode.BRIDGE, Security.APP, Limits.USUAL, List.of(), Map.of(name, address));
    }

    private static ContainerSpec spec(
            NetworkMode network, Security security, Limits limits, List<MountSpec> mounts, Map<String, String> hosts) {
        return new ContainerSpec(
                GOOD.mode(),
                GOOD.process(),
                network,
                GOOD.restart(),
                null,
                limits,
                security,
                mounts,
                List.of(),
                hosts,
                false,
                null);
    }

    @TestFactory
    Stream<DynamicTest> refuses() {
        Map<String, ContainerSpec> cases = Map.ofEntries(
                Map.entry("a newline in the environment", env("A=b\nc")),
                Map.entry("a carriage return in the environment", env("A=b\rc")),
                Map.entry("a zero character in the environment", env("A=b\0c")),
                Map.entry("a variable without name", env("=b")),
                Map.entry("a zero character in an argument", LxcHost.script("true\0false")),
                Map.entry("no program", process(List.of(), List.of(), "root", "/", "SIGTERM")),
                Map.entry("a newline in the user", user("root\nweb")),
                Map.entry("a user that the image has not", user("nobody-here")),
                Map.entry("a group that the image has not", user("root:nobody-here")),
                Map.entry("a user beyond the range of ids", user("70000")),
                Map.entry("a relative directory", directory("tmp")),
                Map.entry("a directory with a way up", directory("/tmp/../etc")),
                Map.entry("an unknown signal", process(List.of("/bin/true"), List.of(), "root", "/", "SIGNONE")),
                Map.entry("a capability against the policy", security(List.of("CAP_SYS_ADMIN"), false)),
                Map.entry("a malformed capability", security(List.of("CAP SYS\nADMIN"), false)),
                Map.entry("nesting against the policy", security(List.of(), true)),
                Map.entry(
                        "the host's network against the policy",
                        spec(NetworkMode.HOST, Security.APP, Limits.USUAL, List.of(), Map.of())),
                Map.entry("a path of the host against the policy", mount("/etc", "/mnt")),
                Map.entry("a path of the host that is not there", mount("/no/such/path", "/mnt")),
                Map.entry("a mount over proc", mount("/tmp", "/proc/sys")),
                Map.entry("a mount over dev, disguised", mount("/tmp", "//./dev/")),
                Map.entry("a weight of nothing", limits(0, 100)),
                Map.entry("no processes", limits(100, 0)),
                Map.entry("a host name that is two lines", hosts("a\nb", "10.0.0.1")),
                Map.entry("a host address that is none", hosts("a", "10.0.0.1 evil")));
        return cases.entrySet().stream()
                .map(one -> DynamicTest.dynamicTest(one.getKey(), () -> refused(one.getValue())));
    }

    private static void refused(ContainerSpec spec) {
        var definition = HOST.definition(spec);
        UUID id = definition.id();
        assertThatThrownBy(() -> HOST.driver().define(definition, ProgressSink.NONE))
                .isInstanceOfSatisfying(BerthException.class, e -> {
                    assertThat(e.code()).as(e.message()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(e.message()).doesNotContain("\n");
                });
        assertThat(HOST.files(id).directory()).doesNotExist();
    }
}
