package dev.berth.ui;

import com.vaadin.flow.component.HasElement;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.applayout.AppLayout;
import com.vaadin.flow.component.applayout.DrawerToggle;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.contextmenu.SubMenu;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.menubar.MenuBar;
import com.vaadin.flow.component.menubar.MenuBarVariant;
import com.vaadin.flow.component.sidenav.SideNav;
import com.vaadin.flow.component.sidenav.SideNavItem;
import com.vaadin.flow.router.RouterLayout;
import dev.berth.access.Roles;
import dev.berth.access.Sessions;
import dev.berth.event.Event;
import dev.berth.node.Node;
import dev.berth.node.Nodes;
import dev.berth.operation.OperationFilter;
import dev.berth.operation.OperationState;
import dev.berth.operation.OperationView;
import dev.berth.operation.Operations;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The frame around all views: navigation, who is logged in, and a banner when something is away. */
public class MainLayout extends AppLayout implements RouterLayout {
    private static final long serialVersionUID = 1L;
    private static final int LATEST = 20;
    private final transient Nodes nodes;
    private final transient Sessions sessions;
    private final transient Operations operations;
    private final transient Set<UUID> told = new HashSet<>();
    private final Instant opened = Instant.now();
    private final Div banner = new Div();
    private final Div slot = new Div();

    MainLayout(Nodes nodes, Sessions sessions, Operations operations, LiveUpdates live) {
        this.nodes = nodes;
        this.operations = operations;
        this.sessions = sessions;
        Span brand = new Span("Berth");
        brand.addClassName("brand");
        addToNavbar(new DrawerToggle(), brand, themeToggle(), userMenu());
        addToDrawer(navigation());
        banner.addClassName("banner");
        banner.getElement().setAttribute("role", "status");
        slot.addClassName("slot");
        Div frame = new Div(banner, slot);
        frame.addClassName("frame");
        setContent(frame);
        refreshBanner();
        live.follow(this, event -> event.type().startsWith("node."), false, this::refreshBanner);
        live.follow(this, MainLayout::failed, false, this::tellFailures);
    }

    private static boolean failed(Event event) {
        return event.type().equals("operation.updated")
                && "FAILED".equals(event.data().get("state"));
    }

    /** Says what of the viewer's own work has failed meanwhile, wherever the viewer is now. */
    private void tellFailures() {
        String viewer = Viewer.current().caller().name();
        for (OperationView operation : operations.list(new OperationFilter(null, null, null, null, LATEST))) {
            OperationView.Failure failure = operation.error();
            boolean own =
                    operation.actor().equals(viewer) && operation.createdAt().isAfter(opened);
            if (failure != null
                    && own
                    && operation.state() == OperationState.FAILED
                    && told.add(operation.id())
                    && !Attended.is(UI.getCurrent(), operation.id())) {
                Notices.error(operation.type() + " of " + operation.subject().name() + " failed: " + failure.message()
                        + " Its steps and log stand under Operations.");
            }
        }
    }

    @Override
    public void showRouterLayoutContent(@Nullable HasElement content) {
        if (content != null) {
            slot.getElement().removeAllChildren();
            slot.getElement().appendChild(content.getElement());
        }
    }

    @Override
    public void removeRouterLayoutContent(@Nullable HasElement old) {
        slot.getElement().removeAllChildren();
    }

    private static SideNav navigation() {
        SideNav nav = new SideNav();
        nav.addItem(
                new SideNavItem("Inventory", "", VaadinIcon.SERVER.create()),
                new SideNavItem("Images", "images", VaadinIcon.DISC.create()),
                new SideNavItem("Registries", "registries", VaadinIcon.ARCHIVE.create()),
                new SideNavItem("Volumes", "volumes", VaadinIcon.DATABASE.create()),
                new SideNavItem("Nodes", "nodes", VaadinIcon.CLUSTER.create()),
                new SideNavItem("Operations", "operations", VaadinIcon.TASKS.create()));
        if (Viewer.may(Roles.ADMIN)) {
            nav.addItem(new SideNavItem("Access", "access", VaadinIcon.USERS.create()));
        }
        return nav;
    }

    private static Button themeToggle() {
        Button toggle = new Button(VaadinIcon.ADJUST.create(), click -> UI.getCurrent()
                .getPage()
                .executeJs("const dark = document.documentElement.getAttribute('theme') === 'dark';"
                        + "document.documentElement.setAttribute('theme', dark ? '' : 'dark');"
                        + "localStorage.setItem('berth-theme', dark ? '' : 'dark');"));
        toggle.addThemeVariants(ButtonVariant.LUMO_TERTIARY, ButtonVariant.LUMO_ICON);
        toggle.setAriaLabel("Light or dark");
        toggle.setTooltipText("Light or dark");
        toggle.addAttachListener(attached -> attached.getUI()
                .getPage()
                .executeJs(
                        "document.documentElement.setAttribute('theme', localStorage.getItem('berth-theme') ?? '');"));
        return toggle;
    }

    private MenuBar userMenu() {
        MenuBar bar = new MenuBar();
        bar.addThemeVariants(MenuBarVariant.LUMO_TERTIARY);
        Viewer viewer = Viewer.current();
        SubMenu menu = bar.addItem(viewer.caller().name()).getSubMenu();
        menu.addItem("API documentation", click -> UI.getCurrent().getPage().open("/api/docs", "_blank"));
        menu.addItem("Log out", click -> {
            sessions.logout(viewer.secret());
            UI.getCurrent().getPage().setLocation("/login");
        });
        return bar;
    }

    private void refreshBanner() {
        List<Node> away = nodes.list().stream()
                .filter(node -> !node.connected() || node.problem() != null)
                .toList();
        banner.setVisible(!away.isEmpty());
        banner.removeAll();
        away.forEach(node -> banner.add(new Div(told(node))));
    }

    private String told(Node node) {
        String problem = node.problem();
        return "Node " + node.name() + " is away" + (problem == null ? "." : ": " + problem)
                + " What is shown of it may be old"
                + (nodes.linked(node) ? "; changes wait until it is back." : ".");
    }
}
