package dev.berth.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PiecesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"'' | ':0:true'", "a | a:0:true", "abc | abc:0:true", "abcdefg | abc:0:false def:3:false g:6:true"
            })
    void sendsAllInOrder(String text, String pieces) throws IOException {
        List<String> taken = new ArrayList<>();
        long sent = Pieces.send(
                stream(text),
                3,
                (piece, offset, last) ->
                        taken.add(new String(piece, StandardCharsets.US_ASCII) + ":" + offset + ":" + last));
        assertThat(String.join(" ", taken)).isEqualTo(pieces);
        assertThat(sent).isEqualTo(text.length());
    }

    /** The second piece is read while the first is held. */
    @Test
    void readsWhileAPieceIsTaken() throws IOException {
        CountDownLatch read = new CountDownLatch(3);
        InputStream counted = new ByteArrayInputStream(new byte[9]) {
            @Override
            public int readNBytes(byte[] bytes, int offset, int length) {
                throw new AssertionError("not used");
            }

            @Override
            public byte[] readNBytes(int length) throws IOException {
                read.countDown();
                return super.readNBytes(length);
            }
        };
        Pieces.send(counted, 3, (piece, offset, last) -> {
            if (offset == 0) {
                assertThat(await(read)).isTrue();
            }
        });
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void endsWithTheReceiversError() {
        AtomicInteger taken = new AtomicInteger();
        assertThatThrownBy(() -> Pieces.send(stream("abcdefghi"), 3, (piece, offset, last) -> {
                    taken.incrementAndGet();
                    throw BerthException.of(ErrorCode.TOO_LARGE, "enough");
                }))
                .isInstanceOf(BerthException.class)
                .hasMessage("enough");
        assertThat(taken).hasValue(1);
    }

    /** When a sender goes away, what was on its way has arrived before anybody hears of it. */
    @Test
    void endsWithTheStreamsErrorAfterThePieceOnItsWay() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }
        };
        AtomicInteger taken = new AtomicInteger();
        assertThatThrownBy(() ->
                        Pieces.send(new SequenceInputStream(stream("abcdef"), broken), 3, (piece, offset, last) -> {
                            Threads.sleep(50);
                            taken.incrementAndGet();
                        }))
                .isInstanceOf(IOException.class)
                .hasMessage("gone");
        assertThat(taken).hasValue(1);
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }
}
