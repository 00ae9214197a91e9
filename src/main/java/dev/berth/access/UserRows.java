package dev.berth.access;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** All rows of users. */
@ApplicationScoped
class UserRows implements PanacheRepositoryBase<UserRow, UUID> {
    List<UserRow> byName() {
        return list("order by lower(name)");
    }

    Optional<UserRow> ofName(String name) {
        return find("lower(name) = lower(?1)", name).singleResultOptional();
    }

    /** Those who may do everything, locked until the transaction ends. */
    List<UserRow> lockAdmins() {
        return find("role = ?1 and not disabled", Roles.ADMIN)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .list();
    }
}
