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

/** What is done with an instance more rarely; an entry that cannot be used says why. */
class MoreMenu extends MenuBar {
    private static final long serialVersionUID = 1L;

    MoreMenu(InstanceView instance, Verbs verbs, SettingTabs settings) {
        addThemeVariants(MenuBarVariant.LUMO_TERTIARY, MenuBarVariant.LUMO_ICON, MenuBarVariant.LUMO_SMALL);
        MenuItem more = addItem(VaadinIcon.ELLIPSIS_DOTS_V.create());
        more.setAriaLabel("More");
        SubMenu menu = more.getSubMenu();
        entry(
                menu,
                "Restart",
                Verbs.whyNotWhileStopped(instance),
                () -> Notices.attempt(() -> verbs.power(instance, Power.RESTART)));
        if (instance.kind() == InstanceKind.CONTAINER) {
            entry(menu, "Commit as image…", Verbs.whyNotChange(instance), () -> settings.commit(instance)
                    .open());
        }
    }

    private static void entry(SubMenu menu, String label, String whyNot, Runnable action) {
        menu.addItem(whyNot.isEmpty() ? label : label + " (" + whyNot + ")", click -> action.run())
                .setEnabled(whyNot.isEmpty());
    }
}
