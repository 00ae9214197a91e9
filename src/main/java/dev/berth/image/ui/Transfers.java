package dev.berth.image.ui;

import dev.berth.operation.OperationState;
import dev.berth.operation.Operations;
import dev.berth.ui.LiveUpdates;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Consumer;

/** Makes what shows a transfer. */
@ApplicationScoped
class Transfers {
    private final Operations operations;
    private final RegistryForms forms;
    private final LiveUpdates live;

    Transfers(Operations operations, RegistryForms forms, LiveUpdates live) {
        this.operations = operations;
        this.forms = forms;
        this.live = live;
    }

    Transfer shown(Consumer<OperationState> ended) {
        return new Transfer(operations, forms, live, ended);
    }
}
