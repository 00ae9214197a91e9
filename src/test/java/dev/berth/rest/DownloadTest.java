package dev.berth.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.berth.driver.StoredImage;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Files that go out piece by piece. */
class DownloadTest {
    private static final byte[] FILE = "a file in pieces".getBytes(StandardCharsets.US_ASCII);
    private final AtomicInteger ended = new AtomicInteger();

    private static StoredImage.Chunk piece(long offset) {
        int from = (int) offset;
        int to = Math.min(FILE.length, from + 5);
        return new StoredImage.Chunk(java.util.Arrays.copyOfRange(FILE, from, to), to == FILE.length);
    }

    @Test
    void allPiecesGoOutAndTheEndIsSeen() throws IOException {
        Response response = Download.of("né w.tar", DownloadTest::piece, ended::incrementAndGet);
        assertThat(response.getHeaderString("Content-Disposition")).isEqualTo("attachment; filename=\"n__w.tar\"");
        assertThat(ended).hasValue(0);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ((StreamingOutput) response.getEntity()).write(out);
        assertThat(out.toByteArray()).isEqualTo(FILE);
        assertThat(ended).hasValue(1);
    }

    @Test
    void aRefusalComesBeforeTheAnswerBegins() {
        assertThatExceptionOfType(BerthException.class)
                .isThrownBy(() -> Download.of(
                        "x",
                        offset -> {
                            throw BerthException.of(ErrorCode.NOT_FOUND, "It is gone.");
                        },
                        ended::incrementAndGet));
        assertThat(ended).hasValue(1);
    }

    @Test
    void whatNobodyReadsToTheEndIsEndedToo() {
        Response response = Download.of("x", DownloadTest::piece, ended::incrementAndGet);
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("the reader is gone");
            }
        };
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> ((StreamingOutput) response.getEntity()).write(broken));
        assertThat(ended).hasValue(1);
    }
}
