package dev.berth.image;

import dev.berth.settings.StateSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Secrets that have to be read again, such as passwords of registries: AES-256-GCM, with a key in a file beside the database
 * and not in it. What a secret belongs to is authenticated with it, so that it cannot be moved to another row.
 */
@ApplicationScoped
class Vault {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();
    private final Path file;

    Vault(StateSettings state, ImageSettings settings) {
        this.file = settings.secretKeyFile().orElse(state.directory().resolve("secret.key"));
    }

    byte[] seal(String secret, String owner) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        byte[] sealed = run(Cipher.ENCRYPT_MODE, nonce, owner, secret.getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                .put(nonce)
                .put(sealed)
                .array();
    }

    /** The secret; IllegalStateException if it was sealed with another key or for another owner. */
    String open(byte[] sealed, String owner) {
        ByteBuffer buffer = ByteBuffer.wrap(sealed);
        byte[] nonce = new byte[NONCE_BYTES];
        buffer.get(nonce);
        byte[] content = new byte[buffer.remaining()];
        buffer.get(content);
        return new String(run(Cipher.DECRYPT_MODE, nonce, owner, content), StandardCharsets.UTF_8);
    }

    private byte[] run(int mode, byte[] nonce, String owner, byte[] content) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key(), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(owner.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "a secret cannot be read with the key in " + file + "; give it its old key file, or set it anew",
                    e);
        }
    }

    private SecretKey key() {
        try {
            return read();
        } catch (NoSuchFileException e) {
            return make();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SecretKey read() throws IOException {
        byte[] key = Base64.getDecoder().decode(Files.readString(file).strip());
        if (key.length != KEY_BYTES) {
            throw new IOException(file + " holds no key of " + KEY_BYTES + " bytes in base64");
        }
        return new SecretKeySpec(key, "AES");
    }

    /** Another controller may make it at the same moment; whose is there first counts. */
    private SecretKey make() {
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path fresh = Files.createTempFile(
                    file.toAbsolutePath().getParent(),
                    "secret",
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                Files.writeString(fresh, Base64.getEncoder().encodeToString(key) + "\n");
                Files.createLink(file, fresh);
            } catch (FileAlreadyExistsException e) {
                return read();
            } finally {
                Files.delete(fresh);
            }
            return read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
