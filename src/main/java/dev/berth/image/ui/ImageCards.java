package dev.berth.image.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Pre;
import com.vaadin.flow.component.html.Span;
import dev.berth.driver.ContainerSpec.HealthCheck;
import dev.berth.driver.OciDetails;
import dev.berth.image.Image;
import dev.berth.ui.Card;
import dev.berth.ui.Facts;
import dev.berth.ui.Formats;
import dev.berth.ui.Words;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of an image, as cards. */
final class ImageCards {
    private ImageCards() {}

    /**
     * What it is and where it came from.
     *
     * @param containers made of it
     */
    static Card identity(Image image, String node, int containers) {
        Facts facts = new Facts();
        OciDetails oci = image.oci();
        if (oci != null) {
            facts.with("Reference", oci.reference() == null ? "none: it came as an archive" : oci.reference())
                    .with("Digest", mono(oci.digest()))
                    .with("Platform", oci.platform() == null ? "not said" : oci.platform())
                    .with("Kind", oci.config().system() ? "system container" : "application container")
                    .with("Containers", Integer.toString(containers));
        } else {
            facts.with("Format", image.format() == null ? "not known yet" : Formats.word(image.format()))
                    .with("File", Formats.size(image.fileSize()))
                    .with("Disk", Formats.size(image.virtualSize()))
                    .with("SHA-256", mono(image.sha256() == null ? "–" : image.sha256()))
                    .with("Boots", image.boot() == null ? "by itself" : "with a kernel of its own");
        }
        facts.with("Source", image.source())
                .with("Node", node)
                .with("Since", Formats.time(image.createdAt()))
                .with("Id", mono(image.id().toString()));
        return new Card("Image", facts);
    }

    /** What a container of it does unless told otherwise. */
    static Card defaults(OciDetails.Config config) {
        Facts facts = new Facts()
                .with("Entry point", words(config.entrypoint()))
                .with("Command", words(config.cmd()))
                .with("User", text(config.user(), "root"))
                .with("Directory", text(config.workingDirectory(), "/"))
                .with("Ports", listed(config.exposedPorts()))
                .with("Volumes", listed(config.volumes()))
                .with("Stop signal", text(config.stopSignal(), "SIGTERM"));
        HealthCheck health = config.health();
        if (health != null) {
            facts.with("Health check", words(health.command()));
        }
        facts.with("Environment", lines(config.env()));
        if (!config.labels().isEmpty()) {
            facts.with("Labels", lines(labels(config.labels())));
        }
        return new Card("What a container of it does", facts);
    }

    private static List<String> labels(Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .sorted()
                .toList();
    }

    private static String text(@Nullable String text, String usual) {
        return text == null || text.isEmpty() ? usual : text;
    }

    private static Component mono(String text) {
        Span span = new Span(text);
        span.addClassName("mono");
        return span;
    }

    private static Component listed(List<String> list) {
        return list.isEmpty() ? new Span("none") : mono(String.join(", ", list));
    }

    private static Component words(List<String> words) {
        return words.isEmpty() ? new Span("none") : mono(Words.join(words));
    }

    private static Component lines(List<String> lines) {
        if (lines.isEmpty()) {
            return new Span("none");
        }
        Pre text = new Pre(String.join("\n", lines));
        text.addClassNames("code", "short");
        return text;
    }
}
