package dev.berth.image.ui;

import com.vaadin.flow.component.html.Div;
import dev.berth.driver.Progress;
import dev.berth.kernel.DataSize;
import dev.berth.operation.OperationView;
import dev.berth.ui.Meter;
import org.jspecify.annotations.Nullable;

/** How far an operation is, in bytes where it moves any. */
final class Work extends Div {
    private static final long serialVersionUID = 1L;

    Work(OperationView operation) {
        addClassName("work");
        Progress progress = operation.progress();
        String waiting = operation.waitingFor();
        Integer percent = progress == null ? null : progress.percent();
        add(new Meter(percent == null ? 0 : percent / 100.0, waiting == null ? text(progress) : "Waiting: " + waiting));
    }

    /** For example {@code downloading 12 MiB of 60 MiB, 20 %}. */
    static String text(@Nullable Progress progress) {
        if (progress == null) {
            return "beginning";
        }
        StringBuilder text = new StringBuilder(progress.stage());
        Long bytes = progress.bytes();
        Long total = progress.totalBytes();
        if (bytes != null) {
            text.append(' ').append(new DataSize(bytes).display());
        }
        if (bytes != null && total != null) {
            text.append(" of ").append(new DataSize(total).display());
        }
        if (progress.percent() != null) {
            text.append(bytes == null ? " " : ", ").append(progress.percent()).append(" %");
        }
        return text.toString();
    }
}
