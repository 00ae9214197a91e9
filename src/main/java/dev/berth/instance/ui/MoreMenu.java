package dev.berth.instance.ui;

import com.vaadin.flow.component.contextmenu.MenuItem;
import com.vaadin.flow.component.contextmenu.SubMenu;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.menubar.MenuBar;
import com.vaadin.flow.component.menubar.MenuBarVariant;
import dev.berth.driver.InstanceKind;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Power;
import dev.berth.ui.Notices;
import java.util.function.Supplier;

/** What is done with an instance more rarely; an entry that cannot be used says why. */
class MoreMenu extends MenuBar {
    private static final long serialVersionUID = 1L;
    private static final String RESTART = "Restart";
    private static final String COMMIT = "Commit as image…";
    private final MenuItem restart;
    private final MenuItem commit;

    /**
     * A menu.
     *
     * @param shown the instance that an entry is chosen for
     */
    MoreMenu(Supplier<InstanceView> shown, Verbs verbs, SettingTabs settings) {
        addThemeVariants(MenuBarVariant.LUMO_TERTIARY, MenuBarVariant.LUMO_ICON, MenuBarVariant.LUMO_SMALL);
        MenuItem more = addItem(VaadinIcon.ELLIPSIS_DOTS_V.create());
        more.setAriaLabel("More");
        SubMenu menu = more.getSubMenu();
        restart = menu.addItem(RESTART, click -> Notices.attempt(() -> verbs.power(shown.get(), Power.RESTART)));
        commit = menu.addItem(COMMIT, click -> settings.commit(shown.get()).open());
    }

    void show(InstanceView instance) {
        explain(restart, RESTART, Verbs.whyNotWhileStopped(instance));
        explain(commit, COMMIT, Verbs.whyNotChange(instance));
        commit.setVisible(instance.kind() == InstanceKind.CONTAINER);
    }

    private static void explain(MenuItem entry, String label, String whyNot) {
        entry.setText(whyNot.isEmpty() ? label : label + " (" + whyNot + ")");
        entry.setEnabled(whyNot.isEmpty());
    }
}
