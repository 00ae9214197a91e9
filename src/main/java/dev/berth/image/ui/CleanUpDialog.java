package dev.berth.image.ui;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.UIDetachedException;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Pre;
import com.vaadin.flow.component.progressbar.ProgressBar;
import dev.berth.image.ImageLayers;
import dev.berth.kernel.DataSize;
import dev.berth.ui.Card;
import dev.berth.ui.Notices;
import java.util.List;
import java.util.function.Consumer;

/** Removes layers that nobody needs: first it shows which, then it asks. Looking takes a while, so it is done beside the page. */
class CleanUpDialog extends Dialog {
    private static final long serialVersionUID = 1L;
    private final transient ImageLayers layers;
    private final Div found = new Div();
    private final Button free = new Button("Free", click -> run(false, this::freed));

    CleanUpDialog(ImageLayers layers) {
        this.layers = layers;
        setHeaderTitle("Clean up layers");
        setWidth("560px");
        found.addClassName("fields");
        add(
                new Paragraph(
                        "Layers stay when their images go, so that the next pull is quick. Those that no image and no"
                                + " container has can be removed."),
                found);
        free.addThemeVariants(ButtonVariant.LUMO_PRIMARY, ButtonVariant.LUMO_ERROR);
        free.setId("free");
        getFooter().add(new Button("Close", click -> close()), free);
        run(true, this::show);
    }

    private void run(boolean dryRun, Consumer<List<ImageLayers.Collected>> then) {
        UI ui = UI.getCurrent();
        disable("it is being looked for");
        found.removeAll();
        ProgressBar bar = new ProgressBar();
        bar.setIndeterminate(true);
        found.add(bar);
        Thread.ofVirtual().start(() -> {
            Runnable outcome = outcome(dryRun, then);
            try {
                ui.access(outcome::run);
            } catch (UIDetachedException e) {
                // Nobody looks any more.
            }
        });
    }

    private Runnable outcome(boolean dryRun, Consumer<List<ImageLayers.Collected>> then) {
        try {
            List<ImageLayers.Collected> collected = layers.collectGarbage(null, dryRun);
            return () -> then.accept(collected);
        } catch (RuntimeException e) {
            return () -> {
                found.removeAll();
                disable("it is not known what can be freed");
                Notices.attempt(() -> {
                    throw e;
                });
            };
        }
    }

    private void show(List<ImageLayers.Collected> all) {
        found.removeAll();
        long bytes = bytes(all);
        int count = all.stream().mapToInt(one -> one.layers().size()).sum();
        for (ImageLayers.Collected one : all) {
            found.add(new Card(one.node(), content(one)));
        }
        if (bytes == 0 && count == 0) {
            disable("there is nothing to free");
            free.setText("Free");
        } else {
            free.setEnabled(true);
            free.setTooltipText("");
            free.setText("Free " + new DataSize(bytes).display());
        }
    }

    private static Div content(ImageLayers.Collected one) {
        if (one.layers().isEmpty() && one.size().bytes() == 0) {
            return new Div("Nothing to free: every layer belongs to an image.");
        }
        Div content = new Div(new Div(
                one.size().display() + " in " + Layers.count(one.layers().size())));
        content.addClassName("fields");
        if (!one.layers().isEmpty()) {
            Pre digests = new Pre(String.join("\n", one.layers()));
            digests.addClassNames("code", "short");
            content.add(digests);
        }
        return content;
    }

    private void freed(List<ImageLayers.Collected> all) {
        Notices.info("Freed " + new DataSize(bytes(all)).display());
        close();
    }

    private static long bytes(List<ImageLayers.Collected> all) {
        return all.stream().mapToLong(one -> one.size().bytes()).sum();
    }

    private void disable(String why) {
        free.setEnabled(false);
        free.setTooltipText(why);
    }
}
