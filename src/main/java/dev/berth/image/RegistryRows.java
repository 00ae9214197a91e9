package dev.berth.image;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/** All rows of registries. */
@ApplicationScoped
class RegistryRows implements PanacheRepositoryBase<RegistryRow, UUID> {
    Optional<RegistryRow> ofHost(String host) {
        return find("host", host).singleResultOptional();
    }
}
