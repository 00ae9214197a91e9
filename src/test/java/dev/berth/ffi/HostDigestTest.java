package dev.berth.ffi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Digests of the host's OpenSSL are those of the JDK. */
class HostDigestTest {
    private static final int[] SIZES = {0, 1, 55, 56, 63, 64, 65, 65535, 65536, 65537, 300_000};

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA-256", "SHA-512"})
    void areThoseOfTheJdk(String algorithm) throws NoSuchAlgorithmException {
        MessageDigest digest = HostDigest.of(algorithm);
        assertThat(digest).isInstanceOf(HostDigest.class);
        assertThat(digest.getAlgorithm()).isEqualTo(algorithm);
        MessageDigest expected = MessageDigest.getInstance(algorithm);
        assertThat(digest.getDigestLength()).isEqualTo(expected.getDigestLength());
        for (int size : SIZES) {
            assertThat(digest.digest(random(size))).as("%d bytes", size).isEqualTo(expected.digest(random(size)));
        }
    }

    @Test
    void arePutTogetherOfParts() throws NoSuchAlgorithmException {
        byte[] bytes = random(200_000);
        MessageDigest digest = HostDigest.of("SHA-256");
        digest.update(bytes[0]);
        digest.update(bytes, 1, 99_999);
        digest.update(ByteBuffer.wrap(bytes, 100_000, 50_000));
        digest.update(
                ByteBuffer.allocateDirect(50_000).put(bytes, 150_000, 50_000).flip());
        assertThat(digest.digest())
                .isEqualTo(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void beginAnewWhenTheyAreReset() throws NoSuchAlgorithmException {
        MessageDigest digest = HostDigest.of("SHA-256");
        digest.update(random(100));
        digest.reset();
        byte[] bytes = random(7);
        assertThat(digest.digest(bytes))
                .isEqualTo(MessageDigest.getInstance("SHA-256").digest(bytes));
        assertThat(digest.digest())
                .isEqualTo(MessageDigest.getInstance("SHA-256").digest());
    }

    @Test
    void doNotMixWhenThereAreMany() throws NoSuchAlgorithmException {
        MessageDigest[] digests = new MessageDigest[50];
        Arrays.setAll(digests, i -> HostDigest.of("SHA-256"));
        for (int i = 0; i < digests.length; i++) {
            digests[i].update(random(i));
        }
        for (int i = 0; i < digests.length; i++) {
            assertThat(digests[i].digest())
                    .isEqualTo(MessageDigest.getInstance("SHA-256").digest(random(i)));
        }
    }

    @Test
    void areOfTheJdkWhereOpensslIsNotAsked() {
        assertThat(HostDigest.of("SHA-1")).isNotInstanceOf(HostDigest.class);
        assertThatThrownBy(() -> HostDigest.of("SHA-0")).isInstanceOf(IllegalArgumentException.class);
    }
}
