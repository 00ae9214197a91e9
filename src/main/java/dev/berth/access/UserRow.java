package dev.berth.access;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;

/** A user as it is kept. */
@Entity
@Table(name = "app_user")
@SuppressWarnings("NullAway.Init") // filled by Hibernate, or right after it was made
class UserRow {
    @Id
    UUID id;

    String name;
    String passwordHash;
    String role;
    boolean disabled;
    Instant createdAt;

    @Version
    long version;

    User view() {
        return new User(id, name, role, disabled, createdAt, version);
    }
}
