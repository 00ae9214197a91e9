package dev.berth.instance.ui;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.tabs.Tab;
import com.vaadin.flow.component.tabs.Tabs;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.router.RouteParam;
import com.vaadin.flow.router.RouteParameters;
import dev.berth.instance.InstanceActions;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.kernel.Uuids;
import dev.berth.ui.LiveUpdates;
import dev.berth.ui.MainLayout;
import dev.berth.ui.Notices;
import dev.berth.ui.Steady;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One instance: its head with what can be done, and a tab for each aspect. */
@Route(value = "instances/:id/:tab?", layout = MainLayout.class)
class InstancePage extends Div implements BeforeEnterObserver, HasDynamicTitle {
    private static final long serialVersionUID = 1L;
    private final transient Instances instances;
    private final transient InstanceTabs tabContents;
    private final InstanceHead head;
    private final Div notices = new Div();
    private final Div body = new Div();
    private final Tabs tabs = new Tabs();
    private final Map<InstanceTab, Tab> shownBy = new EnumMap<>(InstanceTab.class);
    private @Nullable UUID id;
    private String title = "Berth";
    private String shown = "";

    InstancePage(
            Instances instances,
            InstanceActions actions,
            InstanceTabs tabContents,
            SettingTabs settings,
            LiveUpdates live) {
        this.instances = instances;
        this.head = new InstanceHead(new Verbs(actions), settings);
        this.tabContents = tabContents;
        addClassName("view");
        body.getStyle()
                .set("flex", "1")
                .set("min-height", "0")
                .set("display", "flex")
                .set("flex-direction", "column");
        for (InstanceTab one : InstanceTab.values()) {
            Tab tab = new Tab(one.label());
            shownBy.put(one, tab);
            tabs.add(tab);
        }
        tabs.addSelectedChangeListener(change -> {
            if (change.isFromClient()) {
                shownBy.entrySet().stream()
                        .filter(entry -> entry.getValue().equals(change.getSelectedTab()))
                        .findFirst()
                        .ifPresent(entry -> UI.getCurrent()
                                .navigate(
                                        "instances/" + id + "/" + entry.getKey().slug()));
            }
        });
        add(head, notices, tabs, body);
        live.follow(
                this,
                event -> event.subject().id().equals(id) || event.type().startsWith("node."),
                false,
                this::refresh);
    }

    static RouteParameters parameters(UUID id, String tab) {
        return new RouteParameters(new RouteParam("id", id.toString()), new RouteParam("tab", tab));
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        Optional<InstanceView> found =
                event.getRouteParameters().get("id").flatMap(Uuids::parse).flatMap(instances::find);
        if (found.isEmpty()) {
            Notices.error("There is no such instance (any more).");
            event.forwardTo("");
            return;
        }
        InstanceView instance = found.get();
        id = instance.id();
        title = instance.name() + " · Berth";
        InstanceTab tab = event.getRouteParameters()
                .get("tab")
                .flatMap(slug -> InstanceTab.find(slug, instance.kind()))
                .orElse(InstanceTab.SUMMARY);
        shownBy.forEach((known, one) -> one.setVisible(known.isOf(instance.kind())));
        tabs.setSelectedTab(shownBy.get(tab));
        show(instance);
        if (!shown.equals(tab.slug() + id)) {
            shown = tab.slug() + id;
            body.removeAll();
            body.add(tabContents.make(tab, instance));
        }
    }

    private void refresh() {
        UUID known = id;
        if (known == null) {
            return;
        }
        instances.find(known).ifPresentOrElse(this::show, () -> {
            Notices.info("The instance was deleted.");
            UI.getCurrent().navigate("");
        });
    }

    private void show(InstanceView instance) {
        head.show(instance);
        Steady.show(
                notices,
                Verbs.notices(instance).stream().map(InstancePage::notice).toList());
    }

    private static Div notice(String text) {
        Div notice = new Div(text);
        notice.addClassNames("notice", "warning");
        return notice;
    }

    @Override
    public String getPageTitle() {
        return title;
    }
}
