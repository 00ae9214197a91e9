package dev.berth.instance.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.OciDetails;
import dev.berth.driver.ProcessSpec;
import dev.berth.instance.InstanceView;
import dev.berth.kernel.BerthException;
import dev.berth.storage.Volume;
import dev.berth.ui.Notices;
import dev.berth.ui.RefusedFields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes what a container is, which holds from its next start. Only what was changed is sent; a refusal stands at its field.
 * A field that is emptied is from then on as the image says. */
class ConfigurationDialog extends Dialog {
    private static final long serialVersionUID = 1L;
    private final transient Changing changing;
    private final transient Runnable restart;
    private final transient RefusedFields fields = new RefusedFields();
    private final List<ConfigurationSection> sections = new ArrayList<>();
    private final Div refusal = new Div();

    /**
     * What a container is made of, as far as others know it.
     *
     * @param image what its image says; null where nobody knows it any more
     * @param volumes those of its project
     */
    record Known(OciDetails.@Nullable Config image, List<Volume> volumes) {}

    ConfigurationDialog(Changing changing, InstanceView instance, ContainerSpec spec, Known known, Runnable restart) {
        this.changing = changing;
        this.restart = restart;
        setHeaderTitle("Configuration of " + instance.name());
        setWidth("680px");
        ProcessSpec process = spec.process();
        if (process != null) {
            sections.add(new ProcessSection(process, known.image()));
        }
        sections.add(new HealthSection(spec.health(), known.image()));
        sections.add(new MountsSection(instance.id(), spec, known.volumes()));
        sections.add(new SurroundingsSection(instance.name(), spec));
        sections.add(new SecuritySection(spec.security()));
        refusal.addClassNames("notice", "error");
        refusal.getElement().setAttribute("role", "alert");
        refusal.setVisible(false);
        boolean up = instance.state() == InstanceView.State.RUNNING;
        add(when(up));
        sections.forEach(section -> {
            section.register(fields);
            add(section);
        });
        add(refusal);
        buttons(up);
    }

    private static Div when(boolean up) {
        Div when = new Div(new Span(
                up
                        ? "It is running: what is changed here needs a restart. Until then its page says so."
                        : "What is changed here holds from its next start."));
        when.addClassNames("notice", up ? "warning" : "info");
        return when;
    }

    private void buttons(boolean up) {
        Button save = new Button("Save", click -> save(false));
        save.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        Button both = new Button("Save and restart", click -> save(true));
        both.setVisible(up);
        getFooter().add(new Button("Cancel", click -> close()), both, save);
    }

    private void save(boolean andRestart) {
        refusal.setVisible(false);
        Notices.attempt(() -> {
            try {
                if (fields.attempt(() -> submit(andRestart))) {
                    close();
                }
            } catch (BerthException e) {
                refusal.setText(e.message());
                refusal.setVisible(true);
                refusal.scrollIntoView();
            }
        });
    }

    private void submit(boolean andRestart) {
        Map<String, @Nullable Object> change = new LinkedHashMap<>();
        sections.forEach(section -> section.into(change));
        if (change.isEmpty()) {
            Notices.info("Nothing was changed.");
            return;
        }
        changing.submit(change);
        if (andRestart) {
            // Whatever happens to an instance happens in turn: it restarts when the change is done.
            restart.run();
        }
    }
}
