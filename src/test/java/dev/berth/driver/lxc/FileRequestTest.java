package dev.berth.driver.lxc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a request for files makes of a program's answer, however quickly that ends. */
class FileRequestTest {
    private static final String END =
            "{\"exitCode\":0,\"signal\":0,\"oom\":false,\"error\":\"\",\"endedAt\":\"2026-01-01T00:00:00Z\"}";

    @TempDir
    Path directory;

    @Test
    void readsTheAnswerOfAProgramThatHasEndedAlready() throws IOException, InterruptedException {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        frames.writeBytes(new Frame(Frame.STDOUT, "an answer".getBytes(StandardCharsets.UTF_8)).bytes());
        frames.writeBytes(new Frame(Frame.EXIT, END.getBytes(StandardCharsets.UTF_8)).bytes());
        Path answer = Files.write(directory.resolve("answer"), frames.toByteArray());
        Process ended = new ProcessBuilder("cat", answer.toString()).start();
        assertThat(ended.waitFor()).isZero();
        assertThat(FileRequest.of("list", "/").ask(ended, new byte[0]))
                .isEqualTo("an answer".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void tellsWhatAProgramComplainsAboutInsteadOfAnswering() throws IOException {
        Process failing = new ProcessBuilder("sh", "-c", "echo there is no container >&2; exit 1").start();
        assertThatThrownBy(() -> FileRequest.of("list", "/").ask(failing, new byte[0]))
                .hasMessageContaining("there is no container");
    }
}
