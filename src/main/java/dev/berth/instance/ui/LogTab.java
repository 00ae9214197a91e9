package dev.berth.instance.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Pre;
import com.vaadin.flow.component.icon.VaadinIcon;
import dev.berth.instance.Instances;
import dev.berth.ui.Actions;
import dev.berth.ui.Notices;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;

/** The end of the serial log, without terminal sequences. */
class LogTab extends Div {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN_BYTES = 128 * 1024;
    private static final Pattern SEQUENCES = Pattern.compile("\u001b\\[[0-9;?]*[ -/]*[@-~]|\u001b[()][A-Z0-9]|\r");
    private final transient Instances instances;
    private final UUID id;
    private final Pre text = new Pre();

    LogTab(Instances instances, UUID id) {
        this.instances = instances;
        this.id = id;
        text.addClassName("code");
        text.getStyle().set("max-height", "none").set("flex", "1");
        getStyle()
                .set("display", "flex")
                .set("flex-direction", "column")
                .set("gap", "8px")
                .set("flex", "1");
        add(new Div(Actions.text(VaadinIcon.REFRESH, "Read again", "", this::refresh)), text);
        Notices.attempt(this::refresh);
    }

    private void refresh() {
        String log = new String(instances.log(id, SHOWN_BYTES), StandardCharsets.UTF_8);
        String shown = SEQUENCES.matcher(log).replaceAll("");
        text.setText(shown.isBlank() ? "The guest has not said anything on its serial port yet." : shown);
    }
}
