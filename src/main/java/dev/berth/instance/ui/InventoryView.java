package dev.berth.instance.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.grid.ColumnTextAlign;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.grid.GridVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.provider.CallbackDataProvider;
import com.vaadin.flow.data.provider.DataProvider;
import com.vaadin.flow.data.provider.Query;
import com.vaadin.flow.data.provider.QuerySortOrder;
import com.vaadin.flow.data.provider.SortDirection;
import com.vaadin.flow.data.value.ValueChangeMode;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.berth.access.Roles;
import dev.berth.instance.InstanceActions;
import dev.berth.instance.InstanceQuery;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.kernel.BerthException;
import dev.berth.ui.Actions;
import dev.berth.ui.LiveUpdates;
import dev.berth.ui.MainLayout;
import dev.berth.ui.PageWidth;
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
    private static final int PAGE = 40;
    private static final String NOTHING_YET =
            "No instances yet. Press 'New instance': a name and an image are enough for the first one.";
    private final transient Instances instances;
    private final transient InventoryCells cells;
    private final Grid<InstanceView> grid = new Grid<>();
    private final TextField search = new TextField();
    private final KindTabs kinds = new KindTabs(this::searched);
    private final CallbackDataProvider<InstanceView, Void> rows;

    InventoryView(Instances instances, InstanceActions actions, CreateDialogs dialogs, LiveUpdates live) {
        this.instances = instances;
        this.cells = new InventoryCells(new Verbs(actions));
        this.rows = DataProvider.fromCallbacks(this::page, this::count);
        addClassName("view");
        add(bar(dialogs), grid);
        columns();
        grid.setSizeFull();
        grid.addThemeVariants(GridVariant.LUMO_ROW_STRIPES);
        grid.setEmptyStateText(NOTHING_YET);
        grid.setPageSize(PAGE);
        grid.setItems(rows);
        PageWidth.follow(this, this::fit);
        live.follow(this, event -> event.type().startsWith("instance."), true, rows::refreshAll);
    }

    private Div bar(CreateDialogs dialogs) {
        search.setPlaceholder("Search, or filter: state=running cpus>=2");
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
        Div bar = new Div(new H2("Inventory"), kinds, search, create);
        bar.addClassName("bar");
        return bar;
    }

    private void searched() {
        try {
            query("name");
            search.setInvalid(false);
            grid.setEmptyStateText(
                    search.isEmpty() && kinds.filter().isEmpty()
                            ? NOTHING_YET
                            : "No instance matches. A plain word searches in names.");
            rows.refreshAll();
        } catch (BerthException e) {
            search.setErrorMessage(e.message());
            search.setInvalid(true);
        }
    }

    private InstanceQuery query(String sort) {
        return InstanceQuery.of(null, search.getValue() + kinds.filter(), sort, null, 1);
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
        column(grid.addColumn(InventoryCells.name()), "Name", 118, "name").setFlexGrow(8);
        column(grid.addColumn(InventoryCells.state()), "State", 160, "state").setKey("state");
        column(grid.addColumn(InventoryCells.address()), "Address", 122, null);
        column(grid.addColumn(one -> Objects.requireNonNullElse(one.imageName(), "–")), "Image", 84, "image")
                .setKey("image");
        column(grid.addColumn(InventoryCells.cpu()), "CPU", 92, "cpus").setFlexGrow(1);
        column(grid.addColumn(InventoryCells.memory()), "Memory", 124, "memory")
                .setFlexGrow(1)
                .setKey("memory");
        column(grid.addColumn(InstanceView::nodeName), "Node", 80, "node").setKey("node");
        grid.addColumn(cells.actions())
                .setWidth("152px")
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
        boolean roomy = width >= ROOMY;
        List.of("image", "node").forEach(key -> grid.getColumnByKey(key).setVisible(roomy));
        grid.getColumnByKey("state").setWidth(roomy ? "160px" : "142px");
        grid.getColumnByKey("memory").setWidth(roomy ? "138px" : "124px");
    }
}
