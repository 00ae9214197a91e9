package dev.berth.image.ui;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import dev.berth.operation.OperationState;
import dev.berth.operation.OperationView;
import dev.berth.operation.Operations;
import dev.berth.ui.Actions;
import dev.berth.ui.Attended;
import dev.berth.ui.LiveUpdates;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An operation with a registry as a dialog shows it: its progress in bytes, or why it failed and what helps. */
final class Transfer extends Div {
    private static final long serialVersionUID = 1L;
    private final transient Operations operations;
    private final transient RegistryForms forms;
    private final transient Consumer<OperationState> ended;
    private volatile @Nullable UUID followed;
    private String host = "";

    /**
     * Shows nothing until it follows something.
     *
     * @param ended is told how the operation ended
     */
    Transfer(Operations operations, RegistryForms forms, LiveUpdates live, Consumer<OperationState> ended) {
        this.operations = operations;
        this.forms = forms;
        this.ended = ended;
        live.follow(this, event -> event.subject().id().equals(followed), false, this::refresh);
    }

    /** Shows an operation that talks to this registry. */
    void follow(OperationView operation, String registry) {
        UI ui = UI.getCurrent();
        Attended.attend(ui, operation.id());
        addDetachListener(gone -> Attended.leave(ui, operation.id()));
        followed = operation.id();
        host = registry;
        // It may have ended before anybody listened.
        show(operations.find(operation.id()).orElse(operation));
    }

    /** Asks the operation to end. */
    void cancel() {
        UUID id = followed;
        if (id != null) {
            operations.cancel(id);
        }
    }

    private void refresh() {
        UUID id = followed;
        if (id != null) {
            operations.find(id).ifPresent(this::show);
        }
    }

    private void show(OperationView operation) {
        removeAll();
        OperationState state = operation.state();
        switch (state) {
            case QUEUED, RUNNING, UNDOING -> add(new Work(operation));
            case SUCCEEDED, CANCELLED -> {
                // The dialog says so.
            }
            case FAILED -> failed(operation.error());
        }
        if (state.terminal()) {
            followed = null;
            ended.accept(state);
        }
    }

    private void failed(OperationView.@Nullable Failure failure) {
        Div notice = new Div(new Span(failure == null ? "It failed." : failure.message()));
        notice.addClassNames("notice", "error");
        notice.getElement().setAttribute("role", "alert");
        RegistryRemedy remedy = failure == null ? RegistryRemedy.NONE : RegistryRemedy.of(failure);
        if (remedy != RegistryRemedy.NONE) {
            Button fix = Actions.text(VaadinIcon.WRENCH, remedy.label(), forms.whyNot(), () -> forms.fix(host, remedy));
            notice.add(new Div(fix));
        }
        add(notice);
    }
}
