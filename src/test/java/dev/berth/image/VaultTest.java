package dev.berth.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.settings.StateSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets at rest. */
class VaultTest {
    @TempDir
    private Path directory;

    private Vault vault(Path state) {
        StateSettings settings = () -> state;
        return new Vault(settings, new ImageSettings() {
            @Override
            public long maxBytes() {
                return 1;
            }

            @Override
            public boolean allowPrivateAddresses() {
                return false;
            }

            @Override
            public Optional<Path> secretKeyFile() {
                return Optional.empty();
            }
        });
    }

    @Test
    void secretIsReadAgainByWhoeverHasTheKey() throws Exception {
        byte[] sealed = vault(directory).seal("pass wörd", "registry a me");
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("pass");
        assertThat(vault(directory).open(sealed, "registry a me")).isEqualTo("pass wörd");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("secret.key"))))
                .isEqualTo("rw-------");
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void sameSecretIsNeverSealedAlike() {
        Vault vault = vault(directory);
        assertThat(vault.seal("x", "a")).isNotEqualTo(vault.seal("x", "a"));
    }

    @Test
    void movedChangedOrStrangeSecretsAreRefused() {
        byte[] sealed = vault(directory).seal("secret", "registry a me");
        assertThatThrownBy(() -> vault(directory).open(sealed, "registry b me"))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> vault(directory.resolve("other")).open(sealed, "registry a me"))
                .hasMessageContaining("set it anew");
        sealed[sealed.length - 1] ^= 1;
        assertThatThrownBy(() -> vault(directory).open(sealed, "registry a me"))
                .isInstanceOf(IllegalStateException.class);
    }
}
