package dev.berth.ui;

import com.vaadin.flow.component.ComponentUtil;
import com.vaadin.flow.component.UI;
import dev.berth.access.Caller;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;

/**
 * Who looks at a page.
 *
 * @param secret of the session, to ask again whether it still holds
 */
public record Viewer(Caller caller, String secret) {
    /** The viewer of the current page. */
    public static Viewer current() {
        UI ui = UI.getCurrent();
        Viewer viewer = ui == null ? null : ComponentUtil.getData(ui, Viewer.class);
        if (viewer == null) {
            throw BerthException.of(ErrorCode.UNAUTHENTICATED, "Log in first.");
        }
        return viewer;
    }

    /** Whether the viewer has at least this role. */
    public static boolean may(String role) {
        return current().caller().may(role);
    }

    void remember(UI ui) {
        ComponentUtil.setData(ui, Viewer.class, this);
    }
}
