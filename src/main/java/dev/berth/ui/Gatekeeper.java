package dev.berth.ui;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.server.ServiceInitEvent;
import com.vaadin.flow.server.VaadinRequest;
import dev.berth.access.Roles;
import dev.berth.access.Sessions;
import dev.berth.access.Setup;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.servlet.http.Cookie;
import java.util.Arrays;
import java.util.Optional;

/** Lets nobody see a view without a good session; asked anew at every navigation. Deny by default. */
@ApplicationScoped
class Gatekeeper {
    private final Sessions sessions;
    private final Setup setup;

    Gatekeeper(Sessions sessions, Setup setup) {
        this.sessions = sessions;
        this.setup = setup;
    }

    void attach(@Observes ServiceInitEvent init) {
        init.getSource().addUIInitListener(event -> event.getUI().addBeforeEnterListener(this::check));
    }

    private void check(BeforeEnterEvent event) {
        Class<?> target = event.getNavigationTarget();
        if (target.isAnnotationPresent(OpenToAll.class)) {
            return;
        }
        Optional<Viewer> viewer = viewer(event.getUI());
        if (viewer.isEmpty()) {
            event.forwardTo(setup.required() ? "setup" : "login");
            return;
        }
        UI ui = event.getUI();
        viewer.get().remember(ui);
        RolesAllowed allowed = target.getAnnotation(RolesAllowed.class);
        String needed = allowed == null ? Roles.VIEWER : allowed.value()[0];
        if (!viewer.get().caller().may(needed)) {
            event.forwardTo("");
        }
    }

    private Optional<Viewer> viewer(UI ui) {
        VaadinRequest request = VaadinRequest.getCurrent();
        if (request == null) {
            // The server itself navigates, by push: whoever opened the page still sees it, if the session still holds.
            return Viewer.of(ui).flatMap(known -> find(known.secret()));
        }
        Cookie[] cookies = request.getCookies();
        if (cookies == null) {
            return Optional.empty();
        }
        return Arrays.stream(cookies)
                .filter(cookie -> cookie.getName().equals(Sessions.COOKIE))
                .map(Cookie::getValue)
                .flatMap(secret -> find(secret).stream())
                .findFirst();
    }

    private Optional<Viewer> find(String secret) {
        return sessions.find(secret).map(session -> new Viewer(session.caller(), secret));
    }
}
