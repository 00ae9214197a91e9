package dev.berth.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.page.Page;
import com.vaadin.flow.shared.Registration;
import java.util.function.IntConsumer;

/** How wide the page of a component is, now and whenever its window changes. */
public final class PageWidth {
    private PageWidth() {}

    /** Tells the width in pixels while the component is attached. */
    public static void follow(Component component, IntConsumer fit) {
        component.addAttachListener(attached -> {
            Page page = attached.getUI().getPage();
            fit.accept(page.getExtendedClientDetails().getWindowInnerWidth());
            Registration resized = page.addBrowserWindowResizeListener(event -> fit.accept(event.getWidth()));
            component.addDetachListener(detached -> {
                detached.unregisterListener();
                resized.remove();
            });
        });
    }
}
