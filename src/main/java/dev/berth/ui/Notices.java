package dev.berth.ui;

import com.vaadin.flow.component.notification.Notification;
import com.vaadin.flow.component.notification.NotificationVariant;
import dev.berth.kernel.BerthException;
import org.jboss.logging.Logger;

/** Short messages to the viewer. */
public final class Notices {
    private static final Logger LOG = Logger.getLogger(Notices.class);

    private Notices() {}

    public static void info(String text) {
        Notification.show(text, 3500, Notification.Position.BOTTOM_START);
    }

    public static void error(String text) {
        Notification notification = Notification.show(text, 8000, Notification.Position.BOTTOM_START);
        notification.addThemeVariants(NotificationVariant.LUMO_ERROR);
    }

    /** Does something on the viewer's behalf; a refusal is shown. True if it went through. */
    public static boolean attempt(Runnable action) {
        try {
            action.run();
            return true;
        } catch (BerthException e) {
            error(e.message());
        } catch (RuntimeException e) {
            LOG.error("an action of the UI failed", e);
            error("The server failed unexpectedly; its log tells more.");
        }
        return false;
    }
}
