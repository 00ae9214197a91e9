package dev.berth.image.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.berth.image.ImageRegistry;
import dev.berth.image.Registries;
import dev.berth.ui.Actions;
import dev.berth.ui.Badge;
import dev.berth.ui.ConfirmByName;
import dev.berth.ui.LiveUpdates;
import dev.berth.ui.MainLayout;
import dev.berth.ui.Viewer;
import java.util.Objects;

/** Registries that need more than https and nobody logged in. */
@Route(value = "registries", layout = MainLayout.class)
@PageTitle("Registries · Berth")
class RegistriesView extends Div {
    private static final long serialVersionUID = 1L;
    private final transient Registries registries;
    private final transient RegistryForms forms;
    private final Grid<ImageRegistry> grid = new Grid<>();

    RegistriesView(Registries registries, RegistryForms forms, LiveUpdates live) {
        this.registries = registries;
        this.forms = forms;
        addClassName("view");
        H2 heading = new H2("Registries");
        heading.addClassName("grow");
        Button create = Actions.text(VaadinIcon.PLUS, "New registry", forms.whyNot(), forms::create);
        create.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        Div bar = new Div(heading, create);
        bar.addClassName("bar");
        Paragraph about =
                new Paragraph("Images come from any registry that is reached by https without a login. Describe here"
                        + " those that want a login, speak plain HTTP, or are in a private network.");
        about.addClassName("quiet");
        columns();
        grid.setSizeFull();
        grid.setEmptyStateText("No registry is described. Public ones, such as docker.io, work all the same.");
        add(bar, about, grid);
        refresh();
        live.follow(this, event -> event.type().startsWith("registry."), false, this::refresh);
    }

    private void columns() {
        grid.addColumn(ImageRegistry::host).setHeader("Host").setWidth("210px").setFlexGrow(3);
        grid.addColumn(registry -> Objects.requireNonNullElse(registry.username(), "nobody"))
                .setHeader("Logs in")
                .setFlexGrow(2);
        grid.addComponentColumn(registry -> registry.plainHttp()
                        ? new Badge("plain HTTP", Badge.Tone.WARN)
                        : new Badge("https", Badge.Tone.GOOD))
                .setHeader("Reached by")
                .setWidth("140px")
                .setFlexGrow(0);
        grid.addColumn(registry -> registry.allowPrivate() ? "private ones, too" : "public ones")
                .setHeader("Addresses")
                .setWidth("150px")
                .setFlexGrow(0);
        grid.addComponentColumn(this::actions).setWidth("104px").setFlexGrow(0).setFrozenToEnd(true);
    }

    private Component actions(ImageRegistry registry) {
        return new Span(
                Actions.icon(VaadinIcon.EDIT, "Edit", forms.whyNot(), () -> forms.edit(registry)),
                Actions.icon(VaadinIcon.TRASH, "Delete", forms.whyNot(), () -> delete(registry)));
    }

    private void delete(ImageRegistry registry) {
        new ConfirmByName(
                        "Delete registry",
                        "Berth forgets how it is reached, and its login. Images that came from it stay.",
                        registry.host(),
                        () -> registries.delete(registry, Viewer.current().caller()))
                .open();
    }

    private void refresh() {
        grid.setItems(registries.list());
    }
}
