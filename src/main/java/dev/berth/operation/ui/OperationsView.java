package dev.berth.operation.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.berth.operation.Operations;
import dev.berth.ui.LiveUpdates;
import dev.berth.ui.MainLayout;

/** Long work of the whole installation. */
@Route(value = "operations", layout = MainLayout.class)
@PageTitle("Operations · Berth")
class OperationsView extends Div {
    private static final long serialVersionUID = 1L;

    OperationsView(Operations operations, LiveUpdates live) {
        addClassName("view");
        OperationGrid grid = new OperationGrid(operations, live, null);
        grid.setSizeFull();
        add(new H2("Operations"), grid);
    }
}
