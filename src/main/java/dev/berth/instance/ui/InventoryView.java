package dev.berth.instance.ui;

import com.vaadin.flow.component.AttachEvent;
import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.grid.ColumnTextAlign;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.grid.GridVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.page.Page;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.provider.CallbackDataProvider;
import com.vaadin.flow.data.provider.DataProvider;
import com.vaadin.flow.data.provider.Query;
import com.vaadin.flow.data.provider.QuerySortOrder;
import com.vaadin.flow.data.provider.SortDirection;
import com.vaadin.flow.data.value.ValueChangeMode;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.router.RouterLink;
import com.vaadin.flow.shared.Registration;
import dev.berth.access.Roles;
import dev.berth.instance.InstanceActions;
import dev.berth.instance.InstanceQuery;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import dev.berth.ui.Actions;
import dev.berth.ui.Formats;
import dev.berth.ui.LiveUpdates;
import dev.berth.ui.MainLayout;
import dev.berth.ui.Meter;
import dev.berth.ui.Viewer;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All instances in one grid that loads what it shows; search takes the API's filter grammar. */
@Route(value = "", layout = MainLayout.class)
@PageTitle("Inventory · Berth")
class InventoryView extends Div {
    private static final long serialVersionUID = 1L;
    private static final int ROOMY = 1000;
    private static final String NOTHING_YET =
            "No instances yet. Press 'New instance': a name and an image are enough for the first one.";
    private final transient Instances instances;
    private final transient Verbs verbs;
    private final Grid<InstanceView> grid = new Grid<>();
    private final TextField search = new TextField();
    private final CallbackDataProvider<InstanceView, Void> rows;

    InventoryView(Instances instances, InstanceActions actions, CreateDialogs dialogs, LiveUpdates live) {
        this.instances = instances;
        this.verbs = new Verbs(actions);
        this.rows = DataProvider.fromCallbacks(this::page, this::count);
        addClassName("view");
        add(bar(dialogs), grid);
        columns();
        grid.setSizeFull();
        grid.addThemeVariants(GridVariant.LUMO_ROW_STRIPES);
        grid.setEmptyStateText(NOTHING_YET);
        grid.setItems(rows);
        live.follow(this, event -> event.type().startsWith("instance."), true, rows::refreshAll);
    }

    private Div bar(CreateDialogs dialogs) {
        search.setPlaceholder("Search, or filter: state=running name~web cpus>=2");
        search.setPrefixComponent(VaadinIcon.SEARCH.create());
        search.setClearButtonVisible(true);
        search.setValueChangeMode(ValueChangeMode.LAZY);
        search.addClassName("grow");
        search.setAriaLabel("Search");
        search.addValueChangeListener(change -> searched());
        String whyNot = Viewer.may(Roles.OPERATOR) ? "" : "needs the role operator";
        Button create = Actions.text(
                VaadinIcon.PLUS, "New instance", whyNot, () -> dialogs.create().open());
        create.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        create.setId("new-instance");
        Div bar = new Div(new H2("Inventory"), search, create);
        bar.addClassName("bar");
        return bar;
    }

    private void searched() {
        try {
            query("name");
            search.setInvalid(false);
            grid.setEmptyStateText(
                    search.isEmpty() ? NOTHING_YET : "No instance matches. A plain word searches in names.");
            rows.refreshAll();
        } catch (BerthException e) {
            search.setErrorMessage(e.message());
            search.setInvalid(true);
        }
    }

    private InstanceQuery query(String sort) {
        return InstanceQuery.of(null, search.getValue(), sort, null, 1);
    }

    private Stream<InstanceView> page(Query<InstanceView, Void> query) {
        String sort = query.getSortOrders().stream()
                .findFirst()
                .map(InventoryView::sort)
                .orElse("name");
        return search.isInvalid()
                ? Stream.of()
                : instances.list(query(sort).window(query.getOffset(), query.getLimit())).stream();
    }

    private static String sort(QuerySortOrder order) {
        return (order.getDirection() == SortDirection.DESCENDING ? "-" : "") + order.getSorted();
    }

    private int count(Query<InstanceView, Void> query) {
        return search.isInvalid() ? 0 : instances.count(query("name"));
    }

    private void columns() {
        column(grid.addComponentColumn(InventoryView::link), "Name", 150, "name")
                .setFlexGrow(3);
        column(grid.addComponentColumn(Verbs::badge), "State", 116, "state");
        column(grid.addColumn(instance -> String.join(", ", instance.addresses())), "Address", 125, null);
        column(grid.addColumn(one -> Objects.requireNonNullElse(one.imageName(), "–")), "Image", 100, "image")
                .setKey("image");
        column(grid.addComponentColumn(InventoryView::cpu), "CPU", 125, "cpus").setFlexGrow(1);
        column(grid.addComponentColumn(InventoryView::memory), "Memory", 135, "memory")
                .setFlexGrow(1);
        column(grid.addColumn(InstanceView::nodeName), "Node", 90, "node").setKey("node");
        grid.addComponentColumn(this::buttons)
                .setWidth("168px")
                .setFlexGrow(0)
                .setTextAlign(ColumnTextAlign.END)
                .setFrozenToEnd(true);
    }

    private static Grid.Column<InstanceView> column(
            Grid.Column<InstanceView> column, String header, int width, @Nullable String sort) {
        column.setHeader(header).setWidth(width + "px").setFlexGrow(0).setResizable(true);
        return sort == null ? column : column.setSortProperty(sort);
    }

    /** Leaves out what matters least on a narrow page. */
    private void fit(int width) {
        List.of("image", "node").forEach(key -> grid.getColumnByKey(key).setVisible(width >= ROOMY));
    }

    @Override
    protected void onAttach(AttachEvent attached) {
        Page page = attached.getUI().getPage();
        fit(page.getExtendedClientDetails().getWindowInnerWidth());
        Registration resized = page.addBrowserWindowResizeListener(event -> fit(event.getWidth()));
        addDetachListener(detached -> {
            detached.unregisterListener();
            resized.remove();
        });
    }

    private static Component link(InstanceView instance) {
        RouterLink link = new RouterLink();
        link.setText(instance.name());
        link.getElement().setAttribute("title", instance.name());
        link.setRoute(InstancePage.class, InstancePage.parameters(instance.id(), "summary"));
        return link;
    }

    private static Component cpu(InstanceView instance) {
        InstanceView.Usage usage = instance.usage();
        String cpus = instance.cpus().value() + " vCPU";
        return usage == null ? quiet(cpus) : new Meter(usage.cpu(), Formats.percent(usage.cpu()) + " of " + cpus);
    }

    private static Component memory(InstanceView instance) {
        InstanceView.Usage usage = instance.usage();
        if (usage == null) {
            return quiet(Formats.size(instance.memory()));
        }
        double share = (double) usage.memory() / instance.memory().bytes();
        return new Meter(share, new DataSize(usage.memory()).display() + " of " + Formats.size(instance.memory()));
    }

    private static Component quiet(String text) {
        Span span = new Span(text);
        span.addClassName("quiet");
        return span;
    }

    private Component buttons(InstanceView instance) {
        return new Span(verbs.start(instance), verbs.stop(instance), verbs.console(instance), verbs.delete(instance));
    }
}
