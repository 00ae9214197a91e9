package dev.berth.instance.ui;

import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.select.Select;
import dev.berth.driver.LogQuery;
import dev.berth.driver.LogRecord;
import dev.berth.instance.InstanceAccess;
import dev.berth.instance.Instances;
import dev.berth.ui.Actions;
import dev.berth.ui.LiveUpdates;
import dev.berth.ui.Notices;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The end of what a container wrote, read anew as long as somebody looks; its streams apart by colour. */
class RecordLogTab extends Div {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 500;
    private static final Pattern SEQUENCES = Pattern.compile("\u001b\\[[0-9;?]*[ -/]*[@-~]|\u001b[()][A-Z0-9]|\r");
    private final transient Instances instances;
    private final transient InstanceAccess access;
    private final UUID id;
    private final Select<String> stream = new Select<>();
    private final Checkbox times = new Checkbox("Times");
    private final Div lines = new Div();
    private transient @Nullable List<LogRecord> shown;

    RecordLogTab(Instances instances, InstanceAccess access, LiveUpdates live, UUID id) {
        this.instances = instances;
        this.access = access;
        this.id = id;
        stream.setItems("both streams", "stdout", "stderr");
        stream.setValue("both streams");
        stream.setAriaLabel("Stream");
        stream.addValueChangeListener(change -> refresh());
        times.addValueChangeListener(change -> again());
        Div bar = new Div(stream, times, Actions.text(VaadinIcon.REFRESH, "Read again", "", this::refresh));
        bar.addClassName("bar");
        lines.addClassNames("code", "records");
        addClassName("log");
        add(bar, lines);
        live.follow(this, event -> event.subject().id().equals(id), true, this::refresh);
        Notices.attempt(this::refresh);
    }

    private void again() {
        shown = null;
        refresh();
    }

    private void refresh() {
        LogRecord.Stream wanted =
                switch (stream.getValue()) {
                    case "stdout" -> LogRecord.Stream.STDOUT;
                    case "stderr" -> LogRecord.Stream.STDERR;
                    default -> null;
                };
        instances.find(id).ifPresent(instance -> {
            List<LogRecord> records = access.readLog(instance, new LogQuery(null, SHOWN, wanted));
            if (!records.equals(shown)) {
                shown = records;
                show(records);
            }
        });
    }

    private void show(List<LogRecord> records) {
        lines.removeAll();
        if (records.isEmpty()) {
            lines.setText("It has not written anything yet.");
            return;
        }
        for (LogRecord record : records) {
            String text = SEQUENCES.matcher(record.text()).replaceAll("");
            Span line = new Span((times.getValue() ? record.at() + " " : "") + text + (record.partial() ? "" : "\n"));
            line.addClassName(record.stream() == LogRecord.Stream.STDERR ? "stderr" : "stdout");
            lines.add(line);
        }
        lines.getElement().executeJs("this.scrollTop = this.scrollHeight");
    }
}
