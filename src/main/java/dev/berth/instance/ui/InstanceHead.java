package dev.berth.instance.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import dev.berth.driver.ContainerSpec;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Power;
import dev.berth.ui.Actions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The head of an instance's page: its name, how it is, and what can be done with it. The buttons stay the same while the instance
 * changes: whoever clicks on one just then does not click in vain, and an open menu stays open.
 */
class InstanceHead extends Div {
    private static final long serialVersionUID = 1L;
    private final transient Verbs verbs;
    private final transient SettingTabs settings;
    private final H2 name = new H2();
    private final Span state = new Span();
    private final transient List<Offer> offers = new ArrayList<>();
    private final Button pause;
    private final Button resume;
    private final Button edit;
    private final MoreMenu more;
    private transient @Nullable InstanceView shown;

    /** A button, and why it cannot be used, or an empty text. */
    private record Offer(Button button, Function<InstanceView, String> whyNot) {}

    InstanceHead(Verbs verbs, SettingTabs settings) {
        this.verbs = verbs;
        this.settings = settings;
        this.more = new MoreMenu(this::instance, verbs, settings);
        addClassNames("bar", "head");
        name.addClassName("name");
        state.getStyle().set("display", "contents");
        Span space = new Span();
        space.addClassName("grow");
        add(name, state, space);
        offer(Actions.text(VaadinIcon.PLAY, "Start", "", () -> power(Power.START)), Verbs::whyNotStart);
        offer(Actions.text(VaadinIcon.POWER_OFF, "Shut down", "", () -> power(Power.SHUTDOWN)), Verbs::whyNotStop);
        offer(icon(VaadinIcon.STOP, "Force off", Power.STOP), Verbs::whyNotStop);
        offer(icon(VaadinIcon.REFRESH, "Reset", Power.RESET), Verbs::whyNotReset);
        resume = offer(icon(VaadinIcon.PLAY_CIRCLE_O, "Resume", Power.RESUME), Verbs::whyNotChange);
        pause = offer(icon(VaadinIcon.PAUSE, "Pause", Power.PAUSE), Verbs::whyNotWhileStopped);
        edit = offer(Actions.icon(VaadinIcon.EDIT, "Edit configuration", "", this::edit), Verbs::whyNotChange);
        offer(Actions.icon(VaadinIcon.TRASH, "Delete", "", () -> verbs.confirmDelete(instance())), Verbs::whyNotDelete);
        add(more);
    }

    private Button icon(VaadinIcon icon, String label, Power verb) {
        return Actions.icon(icon, label, "", () -> power(verb));
    }

    private Button offer(Button button, Function<InstanceView, String> whyNot) {
        offers.add(new Offer(button, whyNot));
        add(button);
        return button;
    }

    private InstanceView instance() {
        return Objects.requireNonNull(shown, "a button is clicked only after it was shown");
    }

    private void power(Power verb) {
        verbs.power(instance(), verb);
    }

    private void edit() {
        if (instance().spec() instanceof ContainerSpec spec) {
            settings.configuration(instance(), spec, () -> power(Power.RESTART)).open();
        }
    }

    /** Shows an instance as it is now. */
    void show(InstanceView instance) {
        shown = instance;
        name.setText(instance.name());
        name.setTitle(instance.name());
        state.removeAll();
        state.add(Verbs.badge(instance));
        Wellbeing.healthBadge(instance).ifPresent(state::add);
        String ended = Wellbeing.briefly(instance);
        if (!ended.isEmpty()) {
            Span ending = new Span(ended);
            ending.addClassName("quiet");
            state.add(ending);
        }
        offers.forEach(offer -> Actions.explain(offer.button(), offer.whyNot().apply(instance)));
        boolean paused = instance.state() == InstanceView.State.PAUSED;
        pause.setVisible(!paused);
        resume.setVisible(paused);
        edit.setVisible(instance.spec() instanceof ContainerSpec);
        more.show(instance);
    }
}
