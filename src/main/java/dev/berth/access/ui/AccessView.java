package dev.berth.access.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Pre;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.PasswordField;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.berth.access.Roles;
import dev.berth.access.Tokens;
import dev.berth.access.User;
import dev.berth.access.Users;
import dev.berth.ui.Actions;
import dev.berth.ui.ConfirmByName;
import dev.berth.ui.Formats;
import dev.berth.ui.MainLayout;
import dev.berth.ui.Notices;
import dev.berth.ui.Viewer;
import jakarta.annotation.security.RolesAllowed;

/** Users and API tokens. */
@Route(value = "access", layout = MainLayout.class)
@PageTitle("Access · Berth")
@RolesAllowed(Roles.ADMIN)
class AccessView extends Div {
    private static final long serialVersionUID = 1L;
    private final transient Users users;
    private final transient Tokens tokens;
    private final Grid<User> userGrid = new Grid<>();
    private final Grid<Tokens.Token> tokenGrid = new Grid<>();

    AccessView(Users users, Tokens tokens) {
        this.users = users;
        this.tokens = tokens;
        addClassName("view");
        add(new H2("Access"));
        add(
                head("Users", "New user", this::newUser),
                userGrid,
                head("API tokens", "New token", this::newToken),
                tokenGrid);
        columns();
        refresh();
    }

    private static Div head(String title, String action, Runnable run) {
        H3 heading = new H3(title);
        heading.addClassName("grow");
        Div bar = new Div(heading, Actions.text(VaadinIcon.PLUS, action, "", run));
        bar.addClassName("bar");
        return bar;
    }

    private void columns() {
        userGrid.setAllRowsVisible(true);
        userGrid.addColumn(User::name).setHeader("Name");
        userGrid.addColumn(User::role).setHeader("Role");
        moment(userGrid.addColumn(user -> Formats.time(user.createdAt())), "Since");
        userGrid.addComponentColumn(
                        user -> Actions.icon(VaadinIcon.TRASH, "Delete", whyNotDelete(user), () -> delete(user)))
                .setWidth("80px")
                .setFlexGrow(0);
        tokenGrid.setAllRowsVisible(true);
        tokenGrid.addColumn(Tokens.Token::name).setHeader("Name");
        tokenGrid.addColumn(token -> token.prefix() + "…").setHeader("Begins with");
        tokenGrid.addColumn(Tokens.Token::role).setHeader("Role");
        moment(
                tokenGrid.addColumn(token -> token.expiresAt() == null ? "never" : Formats.time(token.expiresAt())),
                "Expires");
        moment(tokenGrid.addColumn(token -> Formats.time(token.lastUsedAt())), "Last used");
        tokenGrid.setEmptyStateText(
                "No tokens. A script or a CI job logs in with one; it is shown once, when it is made.");
        tokenGrid
                .addComponentColumn(token -> Actions.icon(VaadinIcon.TRASH, "Revoke", "", () -> {
                    tokens.revoke(token.id(), Viewer.current().caller());
                    refresh();
                }))
                .setWidth("80px")
                .setFlexGrow(0);
    }

    /** A column that a time fits in. */
    private static void moment(Grid.Column<?> column, String header) {
        column.setHeader(header).setWidth("190px").setFlexGrow(0);
    }

    private String whyNotDelete(User user) {
        boolean otherAdmin = users.list().stream()
                .anyMatch(one -> one.role().equals(Roles.ADMIN)
                        && !one.disabled()
                        && !one.id().equals(user.id()));
        return otherAdmin || !user.role().equals(Roles.ADMIN) ? "" : "it is the last admin; make another one first";
    }

    private void delete(User user) {
        new ConfirmByName("Delete user", "The user's sessions and tokens end at once.", user.name(), () -> {
                    users.delete(user.id(), Viewer.current().caller());
                    refresh();
                })
                .open();
    }

    private void refresh() {
        userGrid.setItems(users.list());
        tokenGrid.setItems(tokens.list(Viewer.current().caller()));
    }

    private void newUser() {
        TextField name = new TextField("Name");
        PasswordField password = new PasswordField("Password (10 characters or more)");
        Select<String> role = roles();
        form(
                "New user",
                () -> {
                    users.create(
                            name.getValue(),
                            password.getValue(),
                            role.getValue(),
                            Viewer.current().caller());
                    refresh();
                },
                name,
                password,
                role);
    }

    private void newToken() {
        TextField name = new TextField("Name");
        Select<String> role = roles();
        form(
                "New token",
                () -> {
                    Tokens.Issued issued = tokens.issue(
                            name.getValue(),
                            role.getValue(),
                            null,
                            Viewer.current().caller());
                    refresh();
                    showSecret(issued.secret());
                },
                name,
                role);
    }

    private static Select<String> roles() {
        Select<String> role = new Select<>();
        role.setLabel("Role");
        role.setItems(Roles.all());
        role.setValue(Roles.OPERATOR);
        return role;
    }

    private static void form(String title, Runnable save, com.vaadin.flow.component.Component... fields) {
        Dialog dialog = new Dialog();
        dialog.setHeaderTitle(title);
        Div content = new Div(fields);
        content.getStyle().set("display", "grid").set("gap", "8px").set("min-width", "320px");
        dialog.add(content);
        Button confirm = new Button("Create", click -> {
            if (Notices.attempt(save)) {
                dialog.close();
            }
        });
        confirm.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        dialog.getFooter().add(new Button("Cancel", click -> dialog.close()), confirm);
        dialog.open();
    }

    private static void showSecret(String secret) {
        Dialog dialog = new Dialog();
        dialog.setHeaderTitle("The token");
        Pre text = new Pre(secret);
        text.addClassName("code");
        dialog.add(new Paragraph("Copy it now; it is not shown again."), text);
        dialog.getFooter().add(new Button("Done", click -> dialog.close()));
        dialog.open();
    }
}
