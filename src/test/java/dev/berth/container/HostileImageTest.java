package dev.berth.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.crash.Shell;
import dev.berth.installation.Api;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Images and containers that attack what runs them: the ways that runtimes were broken before (see the CVE at each). */
@Tag("packaged")
@Tag("lxc")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileImageTest {
    private final Containers containers = Containers.open();

    @BeforeAll
    void healthyOne() {
        containers.upload("box", TestImage.busybox().command("sleep", "100000"));
        containers.run("victim", "box", "");
    }

    @AfterAll
    void close() {
        containers.close();
    }

    /** CVE-2019-5736: the shell is the runtime itself, opened for writing by a process that waits for it. */
    @Test
    void theProgramThatExecutesIsNotOverwritten() {
        String before = programs();
        containers.upload(
                "self",
                TestImage.busybox()
                        .remove("bin/sh")
                        .file("bin/sh", "#!/proc/self/exe\n", "rwxr-xr-x")
                        .file(
                                "attack",
                                "#!/bin/ash\nwhile :; do for p in /proc/[0-9]*; do echo pwned > $p/exe; done; done 2>/dev/null\n",
                                "rwxr-xr-x")
                        .command("/attack"));
        containers.run("self", "self", "");
        for (int i = 0; i < 20; i++) {
            containers.execute("self", null, "/bin/sh", "-c", "true");
        }
        assertThat(programs()).isEqualTo(before);
        containers.delete("self");
    }

    private String programs() {
        return Shell.run("bash", "-c", "find target/native -maxdepth 1 -type f | sort | xargs sha256sum");
    }

    /** CVE-2024-21626: a leaked descriptor of the host as working directory. */
    @Test
    void theWorkingDirectoryIsInsideTheRoot() {
        for (int number = 3; number < 12; number++) {
            String directory = "/proc/self/fd/" + number;
            Api.Answer executed = containers.execute("victim", directory, "cat", "../../../../etc/hostname");
            assertThat(executed.raw().body()).as(directory).doesNotContain(hostName());
        }
        containers.upload(
                "cwd",
                TestImage.busybox().text("WorkingDir", "/proc/self/fd/7").command("cat", "../../../etc/hostname"));
        Api.Answer made = containers.submit("cwd", "cwd", "");
        if (made.status() == 400) {
            assertThat(made.raw().body()).contains("inside the root");
        } else {
            containers.ended(made);
            assertThat(containers.log("cwd")).doesNotContain(hostName());
            containers.delete("cwd");
        }
    }

    private static String hostName() {
        return Shell.run("cat", "/etc/hostname").strip();
    }

    /** CVE-2019-16884, -2025-52881: what is masked would be the image's own file. */
    @Test
    void anImageWhoseProcIsALinkIsRefused() {
        String reference = TestImage.busybox()
                .remove("proc")
                .link("proc", "/tmp")
                .command("sleep", "100000")
                .push(containers.registry(), "proc:1");
        Api.Answer imported = containers.importImage("proc", reference);
        if (containers.ended(imported).path("state").asText().equals("succeeded")) {
            Api.Answer made = containers.submit("proc", "proc", "");
            if (made.status() / 100 == 2) {
                assertThat(containers.ended(made).path("state").asText()).isEqualTo("failed");
                assertThat(containers.ended(made).toString()).contains("/proc");
            }
        }
    }

    /** CVE-2023-27561 and the like: no volume over what the kernel serves. */
    @Test
    void nothingIsMountedOverTheKernelsFiles() {
        for (String target : List.of("/proc", "/proc/self", "/sys", "/sys/fs", "/dev", "/dev/pts", "/")) {
            Api.Answer refused =
                    containers.submit("over", "box", ",\"mounts\":[{\"tmpfs\":1048576,\"target\":\"" + target + "\"}]");
            assertThat(refused.status())
                    .as("%s: %s", target, refused.raw().body())
                    .isEqualTo(400);
        }
    }

    /** CVE-2026-23953: values that would become lines of a configuration. */
    @Test
    void valuesWithLineEndsAreRefused() {
        for (String field : List.of(
                "\"env\":{\"A\":\"b\\nlxc.hook.start = /bin/sh\"}",
                "\"user\":\"0\\n0\"",
                "\"workingDirectory\":\"/\\u0000x\"",
                "\"stopSignal\":\"TERM\\nlxc\"")) {
            Api.Answer refused = containers.submit("lines", "box", "," + field);
            assertThat(refused.status())
                    .as("%s: %s", field, refused.raw().body())
                    .isEqualTo(400);
        }
    }

    /** CVE-2018-15664: a path that turns into a link to the host while it is written. */
    @Test
    void anUploadNeverLeavesTheRoot() {
        String mark = "berth-escape-" + UUID.randomUUID();
        containers.run(
                "swaps",
                "box",
                ",\"entrypoint\":[\"sh\",\"-c\",\"while :; do rm -rf /d; mkdir /d; rm -rf /d; ln -s /../../../../../../tmp /d; done\"]");
        for (int i = 0; i < 60; i++) {
            containers.api().send("PUT", Containers.INSTANCES + "/swaps/files/content?path=/d/" + mark, "x", Map.of());
        }
        assertThat(java.nio.file.Path.of("/tmp", mark)).doesNotExist();
        assertThat(java.nio.file.Path.of("/", mark)).doesNotExist();
        containers.delete("swaps");
    }

    /** CVE-2018-15664 read: a link to a file of the host shows the container's own, or nothing. */
    @Test
    void aDownloadFollowsLinksWithinTheRootOnly() {
        containers.run("links", "box", "");
        containers
                .sh(
                        "links",
                        "ln -s /etc/hostname /l; ln -s /../../../etc/hostname /m; ln -s /proc/1/root/etc/shadow /n")
                .ok();
        for (String path : List.of("/l", "/m", "/n", "/../../../etc/hostname", "/proc/self/root/etc/hostname")) {
            Api.Answer answer = containers.api().get(Containers.INSTANCES + "/links/files/content?path=" + path);
            assertThat(answer.raw().body()).as(path).doesNotContain(hostName(), "root:*", "root:!");
        }
        containers.delete("links");
    }
}
