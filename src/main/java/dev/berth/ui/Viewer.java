package dev.berth.ui;

import com.vaadin.flow.component.ComponentUtil;
import com.vaadin.flow.component.UI;
import dev.berth.access.Caller;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who looks at a page.
 *
 * @param secret of the session, to ask again whether it still holds
 */
public record Viewer(Caller caller, String secret) {
    /** The viewer of the current page. */
    public static Viewer current() {
        UI ui = UI.getCurrent();
        return of(ui).orElseThrow(() -> BerthException.of(ErrorCode.UNAUTHENTICATED, "Log in first."));
    }

    /** Who opened a page. */
    static Optional<Viewer> of(@Nullable UI ui) {
        return Optional.ofNullable(ui).map(known -> ComponentUtil.getData(known, Viewer.class));
    }

    /** Whether the viewer has at least this role. */
    public static boolean may(String role) {
        return current().caller().may(role);
    }

    void remember(UI ui) {
        ComponentUtil.setData(ui, Viewer.class, this);
    }
}
