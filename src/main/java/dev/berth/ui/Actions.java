package dev.berth.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.icon.VaadinIcon;

/** Buttons that say why they are disabled. */
public final class Actions {
    private Actions() {}

    /** A small button; see {@link #explain}. */
    public static Button icon(VaadinIcon icon, String label, String whyNot, Runnable action) {
        Button button = new Button(icon.create(), click -> Notices.attempt(action));
        button.addThemeVariants(ButtonVariant.LUMO_TERTIARY, ButtonVariant.LUMO_SMALL, ButtonVariant.LUMO_ICON);
        button.setAriaLabel(label);
        explain(button, whyNot);
        return button;
    }

    public static Button text(VaadinIcon icon, String label, String whyNot, Runnable action) {
        Button button = new Button(label, icon.create(), click -> Notices.attempt(action));
        explain(button, whyNot);
        return button;
    }

    /**
     * A button that calls a function of another component without asking the controller. Some things a browser does only
     * right after a click, full screen for one, and a controller that is away or busy would be too late.
     */
    public static Button inBrowser(VaadinIcon icon, String label, Component target, String function) {
        Button button = new Button(label, icon.create());
        button.addAttachListener(attached ->
                button.getElement().executeJs("this.addEventListener('click', () => $0[$1]())", target, function));
        return button;
    }

    /** Makes a button usable, or says why it is not; a reason that is not empty disables it and becomes its tooltip. */
    public static void explain(Button button, String whyNot) {
        String label = button.getAriaLabel().orElse("");
        button.setEnabled(whyNot.isEmpty());
        button.setTooltipText(whyNot.isEmpty() ? label : label.isEmpty() ? whyNot : label + ": " + whyNot);
    }
}
