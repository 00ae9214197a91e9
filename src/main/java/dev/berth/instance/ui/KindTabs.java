package dev.berth.instance.ui;

import com.vaadin.flow.component.tabs.Tab;
import com.vaadin.flow.component.tabs.Tabs;
import com.vaadin.flow.component.tabs.TabsVariant;

/** The choice between all instances, virtual machines only and containers only. */
class KindTabs extends Tabs {
    private static final long serialVersionUID = 1L;
    private final Tab machines = new Tab("VMs");
    private final Tab containers = new Tab("Containers");

    KindTabs(Runnable changed) {
        add(new Tab("All"), machines, containers);
        addThemeVariants(TabsVariant.LUMO_SMALL, TabsVariant.LUMO_HIDE_SCROLL_BUTTONS);
        addClassName("kinds");
        getElement().setAttribute("aria-label", "Kind");
        addSelectedChangeListener(change -> changed.run());
    }

    /** What goes behind a filter of the API's grammar; empty for all. */
    String filter() {
        Tab chosen = getSelectedTab();
        return machines.equals(chosen) ? " kind=vm" : containers.equals(chosen) ? " kind=container" : "";
    }
}
