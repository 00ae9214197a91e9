package dev.berth.instance.ui;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.data.renderer.LitRenderer;
import com.vaadin.flow.function.SerializableFunction;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.ObservedState;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Power;
import dev.berth.kernel.DataSize;
import dev.berth.ui.Formats;
import dev.berth.ui.Notices;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;

/**
 * How the inventory's cells look: templates that the browser fills. Components would be far too heavy for it: a page of rows
 * is a thousand of them, made anew whenever rates arrive.
 */
final class InventoryCells {
    private static final String METER = """
            ${item.%1$sShare ? html`<span class="meter" title="${item.%1$sTitle}"><span><i style="width:${item.%1$sShare}"></i></span><span>${item.%1$s}</span></span>`
                             : html`<span class="quiet">${item.%1$s}</span>`}
            """;
    private final Verbs verbs;

    InventoryCells(Verbs verbs) {
        this.verbs = verbs;
    }

    static LitRenderer<InstanceView> name() {
        return LitRenderer.<InstanceView>of(
                        "<vaadin-icon class=\"kind\" icon=\"vaadin:${item.icon}\" title=\"${item.kind}\"></vaadin-icon>"
                                + " <a href=\"/instances/${item.id}/summary\" router-link title=\"${item.name}\">${item.name}</a>")
                .withProperty("icon", instance -> instance.kind() == InstanceKind.VM ? "desktop" : "cube")
                .withProperty("kind", instance -> instance.kind() == InstanceKind.VM ? "virtual machine" : "container")
                .withProperty("id", instance -> instance.id().toString())
                .withProperty("name", InstanceView::name);
    }

    static LitRenderer<InstanceView> state() {
        return LitRenderer.<InstanceView>of("""
                        <span class="badge ${item.tone} ${item.stale}" data-of="${item.of}" title="${item.reason}">${item.state}</span>
                        ${item.health ? html`<span class="badge health ${item.healthTone}" role="img"
                            aria-label="${item.health}" title="health check: ${item.health}"></span>` : ''}
                        ${item.ended ? html`<span class="quiet" title="${item.reason}">${item.ended}</span>` : ''}
                        """)
                .withProperty("of", InstanceView::name)
                .withProperty("state", instance -> Formats.word(instance.state()))
                .withProperty("tone", instance -> Verbs.tone(instance).name().toLowerCase(Locale.ROOT))
                .withProperty("stale", instance -> instance.stale() ? "stale" : "")
                .withProperty("reason", instance -> Objects.requireNonNullElse(instance.reason(), ""))
                .withProperty("health", instance -> health(instance, Formats::word))
                .withProperty(
                        "healthTone",
                        instance -> health(
                                instance,
                                health -> Wellbeing.tone(health).name().toLowerCase(Locale.ROOT)))
                .withProperty("ended", Wellbeing::briefly);
    }

    static LitRenderer<InstanceView> address() {
        return LitRenderer.<InstanceView>of("<span class=\"address\" title=\"${item.address}\">${item.address}</span>")
                .withProperty("address", instance -> String.join(", ", instance.addresses()));
    }

    private static String health(InstanceView instance, Function<ObservedState.Health, String> words) {
        ObservedState.Health health = Wellbeing.health(instance);
        return health == null ? "" : words.apply(health);
    }

    static LitRenderer<InstanceView> cpu() {
        return meter(
                "cpu",
                instance -> instance.usage() == null ? -1 : instance.usage().cpu(),
                instance -> {
                    InstanceView.Usage usage = instance.usage();
                    int cpus = instance.cpus().value();
                    return usage == null ? cpus + " vCPU" : Formats.percent(usage.cpu()) + " of " + cpus;
                },
                instance -> "");
    }

    static LitRenderer<InstanceView> memory() {
        return meter(
                "memory",
                InventoryCells::memoryShare,
                instance -> {
                    double share = memoryShare(instance);
                    String size = Formats.size(instance.memory());
                    return share < 0 ? size : Formats.percent(share) + " of " + size;
                },
                InventoryCells::memoryTitle);
    }

    /** Never above 1: what the hypervisor itself needs, a lot with TCG, is no memory of the guest's. */
    private static double memoryShare(InstanceView instance) {
        InstanceView.Usage usage = instance.usage();
        return usage == null
                ? -1
                : Math.min(1, (double) usage.memory() / instance.memory().bytes());
    }

    private static String memoryTitle(InstanceView instance) {
        InstanceView.Usage usage = instance.usage();
        long own = usage == null ? 0 : usage.memory() - instance.memory().bytes();
        return usage == null
                ? ""
                : Formats.size(new DataSize(usage.memory())) + " of the node's memory"
                        + (own > 0 ? ", " + Formats.size(new DataSize(own)) + " of it for the hypervisor" : "");
    }

    /** A bar with a text, or only the text while the share is unknown, which is below zero. */
    private static LitRenderer<InstanceView> meter(
            String name,
            SerializableFunction<InstanceView, Double> share,
            SerializableFunction<InstanceView, String> text,
            SerializableFunction<InstanceView, String> title) {
        return LitRenderer.<InstanceView>of(METER.formatted(name))
                .withProperty(name, text::apply)
                .withProperty(name + "Title", title::apply)
                .withProperty(name + "Share", instance -> {
                    double known = share.apply(instance);
                    return known < 0 ? "" : String.format(Locale.ROOT, "%.1f%%", Math.clamp(known, 0, 1) * 100);
                });
    }

    LitRenderer<InstanceView> actions() {
        String template = "<div class=\"tools\">" + tool("start", "Start", "play")
                + tool("stop", "Shut down", "power-off")
                + tool("console", "Console", "terminal")
                + tool("remove", "Delete", "trash") + "</div>";
        LitRenderer<InstanceView> renderer = LitRenderer.of(template);
        reason(renderer, "start", Verbs::whyNotStart);
        reason(renderer, "stop", Verbs::whyNotStop);
        reason(renderer, "console", Verbs::whyNotConsole);
        reason(renderer, "remove", Verbs::whyNotDelete);
        return renderer.withFunction("start", instance -> Notices.attempt(() -> verbs.power(instance, Power.START)))
                .withFunction("stop", instance -> Notices.attempt(() -> verbs.power(instance, Power.SHUTDOWN)))
                .withFunction(
                        "console", instance -> UI.getCurrent().navigate("instances/" + instance.id() + "/console"))
                .withFunction("remove", verbs::confirmDelete);
    }

    private static String tool(String verb, String label, String icon) {
        return """
                <button class="tool" aria-label="%2$s" title="%2$s${item.%1$s ? ': ' + item.%1$s : ''}"
                    ?disabled="${item.%1$s}" @click="${%1$s}"><vaadin-icon icon="vaadin:%3$s"></vaadin-icon></button>
                """.formatted(verb, label, icon);
    }

    private static void reason(
            LitRenderer<InstanceView> renderer, String verb, SerializableFunction<InstanceView, String> whyNot) {
        renderer.withProperty(verb, whyNot::apply);
    }
}
