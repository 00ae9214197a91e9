package dev.berth.driver.lxc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
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
    void readsTheAnswerOfAProgramThatHasEndedAlready() throws IOException {
        byte[] answer = "an answer".getBytes(StandardCharsets.UTF_8);
        try (ServerSocketChannel program = listening()) {
            SocketLink link = link();
            try (SocketChannel peer = program.accept()) {
                peer.write(ByteBuffer.wrap(new Frame(Frame.STDOUT, answer).bytes()));
                peer.write(ByteBuffer.wrap(new Frame(Frame.EXIT, END.getBytes(StandardCharsets.UTF_8)).bytes()));
            }
            assertThat(FileRequest.of("list", "/").ask(link, new byte[0])).isEqualTo(answer);
        }
    }

    @Test
    void tellsWhatAProgramComplainsAboutInsteadOfAnswering() throws IOException {
        byte[] complaint = "there is no container".getBytes(StandardCharsets.UTF_8);
        try (ServerSocketChannel program = listening()) {
            SocketLink link = link();
            try (SocketChannel peer = program.accept()) {
                peer.write(ByteBuffer.wrap(new Frame(Frame.STDERR, complaint).bytes()));
            }
            assertThatThrownBy(() -> FileRequest.of("list", "/").ask(link, new byte[0]))
                    .hasMessageContaining("there is no container");
        }
    }

    @Test
    void tellsThatAProgramEndedWithoutAnAnswer() throws IOException {
        try (ServerSocketChannel program = listening()) {
            SocketLink link = link();
            program.accept().close();
            assertThatThrownBy(() -> FileRequest.of("list", "/").ask(link, new byte[0]))
                    .hasMessageContaining("ended without an answer");
        }
    }

    private ServerSocketChannel listening() throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(directory.resolve("socket")));
    }

    private SocketLink link() throws IOException {
        return new SocketLink(SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("socket"))));
    }
}
