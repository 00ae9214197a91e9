package dev.berth.access.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.Tag;
import com.vaadin.flow.component.dependency.JsModule;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H1;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.berth.access.Setup;
import dev.berth.ui.OpenToAll;

/** Login with name and password. */
@Route("login")
@PageTitle("Log in · Berth")
@OpenToAll
class LoginView extends Div implements BeforeEnterObserver {
    private static final long serialVersionUID = 1L;
    private final transient Setup setup;

    LoginView(Setup setup) {
        this.setup = setup;
        addClassName("entry");
        add(new H1("Berth"), new Paragraph("Virtual machines and containers, in one place."), new LoginForm(false));
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        if (setup.required()) {
            event.forwardTo(SetupView.class);
        }
    }

    /** The form, which talks to the API by itself. */
    @Tag("berth-login")
    @JsModule("./berth-login.ts")
    static final class LoginForm extends Component {
        private static final long serialVersionUID = 1L;

        LoginForm(boolean setup) {
            getElement().setProperty("setup", setup);
        }
    }
}
