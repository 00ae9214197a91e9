package dev.berth.image.ui;

import dev.berth.access.Roles;
import dev.berth.image.ImageRegistry;
import dev.berth.image.Registries;
import dev.berth.ui.Viewer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Opens the form of a registry for whoever may change it. */
@ApplicationScoped
class RegistryForms {
    private final Registries registries;

    RegistryForms(Registries registries) {
        this.registries = registries;
    }

    String whyNot() {
        return Viewer.may(Roles.ADMIN) ? "" : "needs the role admin";
    }

    void create() {
        new RegistryDialog(registries, null).open();
    }

    void edit(ImageRegistry registry) {
        new RegistryDialog(registries, registry).open();
    }

    /** The form of a registry, known or not, with the remedy filled in. */
    void fix(String host, RegistryRemedy remedy) {
        Optional<ImageRegistry> known = registries.list().stream()
                .filter(registry -> registry.host().equals(host))
                .findFirst();
        RegistryDialog dialog = new RegistryDialog(registries, known.orElse(null));
        dialog.suggest(host, remedy);
        dialog.open();
    }
}
