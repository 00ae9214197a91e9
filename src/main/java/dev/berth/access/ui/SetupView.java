package dev.berth.access.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H1;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.berth.access.Setup;
import dev.berth.ui.OpenToAll;

/** Makes the first admin with the set-up code. */
@Route("setup")
@PageTitle("Welcome · Berth")
@OpenToAll
class SetupView extends Div implements BeforeEnterObserver {
    private static final long serialVersionUID = 1L;
    private final transient Setup setup;

    SetupView(Setup setup) {
        this.setup = setup;
        addClassName("entry");
        add(
                new H1("Welcome to Berth"),
                new Paragraph("Create the first admin to begin."),
                new LoginView.LoginForm(true));
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        if (!setup.required()) {
            event.forwardTo(LoginView.class);
        }
    }
}
