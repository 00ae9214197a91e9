package dev.berth.image.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.Autocomplete;
import com.vaadin.flow.component.textfield.PasswordField;
import com.vaadin.flow.component.textfield.TextField;
import dev.berth.image.ImageRegistry;
import dev.berth.image.Registries;
import dev.berth.ui.Notices;
import dev.berth.ui.Viewer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Describes a registry: who logs in there, and how it is reached. A password that is kept is never shown. */
class RegistryDialog extends Dialog {
    private static final long serialVersionUID = 1L;
    private final transient Registries registries;
    private final transient @Nullable ImageRegistry known;
    private final TextField host = new TextField("Host");
    private final TextField username = new TextField("User name");
    private final PasswordField password = new PasswordField("Password or token");
    private final Checkbox plainHttp = new Checkbox("Talk to it by plain HTTP");
    private final Checkbox allowPrivate = new Checkbox("It may be at a private or loopback address");

    /**
     * A form.
     *
     * @param known what is changed, or null for a new one
     */
    RegistryDialog(Registries registries, @Nullable ImageRegistry known) {
        this.registries = registries;
        this.known = known;
        setHeaderTitle(known == null ? "New registry" : "Registry");
        setWidth("480px");
        host.setPlaceholder("registry.example:5000");
        host.setHelperText("As references name it, with its port; docker.io is Docker Hub");
        username.setPlaceholder("none: nobody logs in");
        username.setAutocomplete(Autocomplete.OFF);
        password.setAutocomplete(Autocomplete.NEW_PASSWORD);
        plainHttp.setHelperText(
                "Without TLS everybody on the way can read and change what is sent, passwords included.");
        allowPrivate.setHelperText("Otherwise nobody can use Berth to look into the node's own network.");
        if (known != null) {
            show(known);
        }
        Div column = new Div(host, username, password, plainHttp, allowPrivate);
        column.addClassName("fields");
        add(column);
        Button save = new Button(known == null ? "Add" : "Save", click -> save());
        save.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        getFooter().add(new Button("Cancel", click -> close()), save);
    }

    private void show(ImageRegistry registry) {
        host.setValue(registry.host());
        host.setReadOnly(true);
        username.setValue(Objects.requireNonNullElse(registry.username(), ""));
        plainHttp.setValue(registry.plainHttp());
        allowPrivate.setValue(registry.allowPrivate());
        if (registry.username() != null) {
            password.setPlaceholder("kept; type to replace it");
            username.setHelperText("Empty it to forget the login");
        }
    }

    /** Fills in what helped others. */
    void suggest(String name, RegistryRemedy remedy) {
        if (!host.isReadOnly()) {
            host.setValue(name);
        }
        switch (remedy) {
            case NONE -> host.focus();
            case LOG_IN -> username.focus();
            case ALLOW_PLAIN_HTTP -> plainHttp.setValue(true);
            case ALLOW_PRIVATE -> allowPrivate.setValue(true);
        }
    }

    /** The login as a change: null leaves it, empty texts take it away. */
    private Registries.Change change() {
        String user = username.getValue().strip();
        String had = known == null ? null : known.username();
        boolean kept = password.isEmpty() && user.equals(Objects.requireNonNullElse(had, ""));
        return new Registries.Change(
                kept ? null : user, kept ? null : password.getValue(), plainHttp.getValue(), allowPrivate.getValue());
    }

    private void save() {
        boolean done = Notices.attempt(() -> {
            if (known == null) {
                registries.create(
                        host.getValue().strip(), change(), Viewer.current().caller());
            } else {
                registries.change(known, change(), Viewer.current().caller());
            }
        });
        if (done) {
            close();
        }
    }
}
