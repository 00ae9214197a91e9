package dev.berth.operation.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Pre;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import dev.berth.access.Roles;
import dev.berth.driver.Progress;
import dev.berth.kernel.DataSize;
import dev.berth.operation.OperationFilter;
import dev.berth.operation.OperationView;
import dev.berth.operation.Operations;
import dev.berth.ui.Actions;
import dev.berth.ui.Badge;
import dev.berth.ui.ConfirmDialog;
import dev.berth.ui.Facts;
import dev.berth.ui.Formats;
import dev.berth.ui.LiveUpdates;
import dev.berth.ui.Meter;
import dev.berth.ui.Viewer;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The newest operations, of one subject or of all, with live progress. */
public final class OperationGrid extends Grid<OperationView> {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 200;
    private final transient Operations operations;
    private final @Nullable UUID subject;

    public OperationGrid(Operations operations, LiveUpdates live, @Nullable UUID subject) {
        this.operations = operations;
        this.subject = subject;
        column(addColumn(OperationView::type), "Operation", 164);
        Column<OperationView> of =
                column(addColumn(operation -> operation.subject().name()), "Of", 110);
        of.setFlexGrow(1);
        of.setVisible(subject == null);
        column(addComponentColumn(OperationGrid::state), "State", 132);
        column(addComponentColumn(OperationGrid::progress), "Progress", 110).setFlexGrow(2);
        column(addColumn(OperationView::actor), "By", 112).setTooltipGenerator(OperationView::actor);
        column(addColumn(operation -> Formats.moment(operation.createdAt())), "Begun", 96);
        column(addColumn(OperationGrid::took), "Took", 112);
        addComponentColumn(this::actions).setWidth("124px").setFlexGrow(0).setFrozenToEnd(true);
        setEmptyStateText("No operations yet. Whatever takes a while shows here, with its steps, progress and log.");
        refresh();
        live.follow(this, event -> event.type().startsWith("operation."), false, this::refresh);
    }

    private static Column<OperationView> column(Column<OperationView> column, String header, int width) {
        return column.setHeader(header).setWidth(width + "px").setFlexGrow(0).setResizable(true);
    }

    private void refresh() {
        setItems(operations.list(new OperationFilter(null, subject, null, null, SHOWN)));
    }

    private static Component state(OperationView operation) {
        Badge.Tone tone =
                switch (operation.state()) {
                    case QUEUED -> Badge.Tone.PLAIN;
                    case RUNNING -> Badge.Tone.BUSY;
                    case UNDOING, CANCELLED -> Badge.Tone.WARN;
                    case SUCCEEDED -> Badge.Tone.GOOD;
                    case FAILED -> Badge.Tone.BAD;
                };
        return new Badge(Formats.word(operation.state()), tone);
    }

    private static Component progress(OperationView operation) {
        OperationView.Failure failure = operation.error();
        if (failure != null) {
            return told(failure.message());
        }
        String waiting = waiting(operation);
        if (waiting != null) {
            return told("Waiting: " + waiting);
        }
        long done = operation.steps().stream()
                .filter(step -> step.state().equals("done"))
                .count();
        Progress progress = operation.progress();
        if (operation.state().terminal() || progress == null) {
            return new Meter(
                    (double) done / Math.max(1, operation.steps().size()),
                    done + " of " + operation.steps().size() + " steps");
        }
        Integer percent = progress.percent();
        Long bytes = progress.bytes();
        String text = progress.stage() + (bytes == null ? "" : " " + new DataSize(bytes).display());
        return new Meter(percent == null ? 0 : percent / 100.0, percent == null ? text : text + " " + percent + " %");
    }

    private static @Nullable String waiting(OperationView operation) {
        return operation.state().terminal() ? null : operation.waitingFor();
    }

    /** A text that is longer than its place. */
    private static Span told(String text) {
        Span span = new Span(text);
        span.setTitle(text);
        return span;
    }

    private static String took(OperationView operation) {
        Instant from = operation.startedAt();
        Instant to = operation.finishedAt();
        return from == null ? "" : Formats.duration(Duration.between(from, to == null ? Instant.now() : to));
    }

    private Component actions(OperationView operation) {
        String whyNot = !Viewer.may(Roles.OPERATOR)
                ? "needs the role operator"
                : operation.cancelable() ? "" : "it cannot be cancelled now";
        Span actions = new Span(
                Actions.icon(VaadinIcon.CLIPBOARD_TEXT, "Details", "", () -> details(operation)),
                Actions.icon(VaadinIcon.CLOSE_CIRCLE_O, "Cancel", whyNot, () -> operations.cancel(operation.id())));
        if (operations.canBeGivenUp(operation)) {
            String admins = Viewer.may(Roles.ADMIN) ? "" : "needs the role admin";
            actions.add(Actions.icon(VaadinIcon.STOP, "Give up", admins, () -> giveUp(operation)));
        }
        return actions;
    }

    private void giveUp(OperationView operation) {
        String actor = Viewer.current().caller().name();
        new ConfirmDialog(
                        "Give up " + operation.type() + " of "
                                + operation.subject().name(),
                        "The operation ends as failed, and nothing more of it is done or undone. What it has not taken back"
                                + " stays on the node; its log says what that is.",
                        "Give up",
                        "Let it go on",
                        () -> operations.giveUp(operation.id(), actor))
                .open();
    }

    private void details(OperationView operation) {
        Dialog dialog = new Dialog();
        dialog.setHeaderTitle(operation.type() + " of " + operation.subject().name());
        Facts steps = new Facts();
        operation.steps().forEach(step -> steps.with(step.name(), step.state()));
        Pre log = new Pre(operations.log(operation.id()).stream()
                .map(line -> Formats.time(line.at()) + "  " + line.text())
                .collect(Collectors.joining("\n")));
        log.addClassName("code");
        String waiting = waiting(operation);
        if (waiting != null) {
            steps.with("waiting for", waiting);
        }
        OperationView.Failure failure = operation.error();
        if (failure != null) {
            steps.with("error", failure.code() + ": " + failure.message());
        }
        dialog.add(steps);
        if (!log.getText().isEmpty()) {
            dialog.add(log);
        }
        dialog.setWidth("640px");
        dialog.getFooter().add(new Button("Close", click -> dialog.close()));
        dialog.open();
    }
}
