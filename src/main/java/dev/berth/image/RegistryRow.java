package dev.berth.image;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A registry as it is kept: its password is sealed. */
@Entity
@Table(name = "image_registry")
@SuppressWarnings("NullAway.Init") // filled by Hibernate, or right after it was made
class RegistryRow {
    @Id
    UUID id;

    String host;

    @Nullable
    String username;

    byte @Nullable [] secret;
    boolean plainHttp;
    boolean allowPrivate;
    Instant createdAt;

    @Version
    long version;

    ImageRegistry view() {
        return new ImageRegistry(id, host, username, plainHttp, allowPrivate, createdAt, version);
    }
}
