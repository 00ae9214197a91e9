package dev.berth.image.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import dev.berth.image.Image;
import dev.berth.image.ImageLayers;
import dev.berth.image.Images;
import dev.berth.node.Nodes;
import dev.berth.operation.Operations;
import dev.berth.operation.ui.OperationGrid;
import dev.berth.ui.Actions;
import dev.berth.ui.LiveUpdates;
import dev.berth.ui.MainLayout;
import dev.berth.ui.Notices;
import dev.berth.ui.Steady;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One image: what it is, what a container of it does, its layers and who shares them, and what was done with it. */
@Route(value = "images/:id", layout = MainLayout.class)
class ImagePage extends Div implements BeforeEnterObserver, HasDynamicTitle {
    private static final long serialVersionUID = 1L;
    private final transient Images images;
    private final transient ImageLayers imageLayers;
    private final transient Nodes nodes;
    private final transient Operations operations;
    private final transient ImageVerbs verbs;
    private final transient LiveUpdates live;
    private final Div head = new Div();
    private final Div cards = new Div();
    private final Span sum = new Span();
    private final Div layersPart = new Div();
    private final Layers layers = new Layers();
    private transient @Nullable Image headOf;
    private @Nullable UUID id;
    private String title = "Berth";

    ImagePage(
            Images images,
            ImageLayers imageLayers,
            Nodes nodes,
            Operations operations,
            ImageVerbs verbs,
            LiveUpdates live) {
        this.images = images;
        this.imageLayers = imageLayers;
        this.nodes = nodes;
        this.operations = operations;
        this.verbs = verbs;
        this.live = live;
        addClassNames("view", "page");
        head.addClassNames("bar", "head");
        cards.addClassNames("cards", "wide");
        sum.addClassName("quiet");
        layersPart.add(new H3("Layers"), sum, layers);
        layersPart.addClassName("part");
        live.follow(
                this,
                event -> event.type().startsWith("image.")
                        || event.type().equals("instance.creating")
                        || event.type().equals("instance.deleted"),
                false,
                this::refresh);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        Optional<Image> found = event.getRouteParameters().get("id").flatMap(images::find);
        if (found.isEmpty()) {
            Notices.error("There is no such image (any more).");
            event.forwardTo("images");
            return;
        }
        UUID wanted = found.get().id();
        if (!wanted.equals(id)) {
            id = wanted;
            title = found.get().name() + " · Berth";
            OperationGrid grid = new OperationGrid(operations, live, wanted);
            grid.setAllRowsVisible(true);
            Div done = new Div(new H3("Operations"), grid);
            done.addClassName("part");
            removeAll();
            add(head, cards, layersPart, done);
        }
        show(found.get());
    }

    private void refresh() {
        UUID known = id;
        if (known == null) {
            return;
        }
        images.find(known.toString()).ifPresentOrElse(this::show, () -> {
            Notices.info("The image was deleted.");
            UI.getCurrent().navigate("images");
        });
    }

    private void show(Image image) {
        showHead(image);
        List<Component> facts = new ArrayList<>();
        facts.add(ImageCards.identity(image, node(image), imageLayers.containers(image)));
        if (image.oci() != null) {
            facts.add(ImageCards.defaults(image.oci().config()));
        }
        Steady.show(cards, facts);
        boolean layered = image.oci() != null && image.state() == Image.State.READY;
        layersPart.setVisible(layered);
        if (layered) {
            List<ImageLayers.Layer> all = imageLayers.layers(image);
            sum.setText(Layers.sum(all));
            layers.show(all);
        }
    }

    private String node(Image image) {
        return nodes.list().stream()
                .filter(node -> node.id().equals(image.node()))
                .findFirst()
                .map(node -> node.name())
                .orElse("–");
    }

    /** Only when it changes: whoever clicks on a button just then would click in vain. */
    private void showHead(Image image) {
        if (image.equals(headOf)) {
            return;
        }
        headOf = image;
        head.removeAll();
        H2 name = new H2(image.name());
        name.addClassName("name");
        name.setTitle(image.name());
        Span space = new Span();
        space.addClassName("grow");
        head.add(new Anchor("images", "Images"), new Span("/"), name, ImagesView.badge(image), space);
        String whyNot = verbs.whyNotUse(image);
        if (ImageVerbs.isOci(image)) {
            head.add(
                    Actions.text(VaadinIcon.CLOUD_UPLOAD_O, "Push", whyNot, () -> verbs.push(image)),
                    Actions.text(VaadinIcon.DOWNLOAD, "Export", whyNot, () -> new ExportDialog(image).open()),
                    Actions.icon(
                            VaadinIcon.REFRESH,
                            "Pull again",
                            verbs.whyNotPullAgain(image),
                            () -> verbs.pullAgain(image)));
        } else {
            head.add(ImagesView.download(image, whyNot.isEmpty()));
        }
        head.add(Actions.icon(VaadinIcon.TRASH, "Delete", whyNot, () -> verbs.delete(image)));
    }

    @Override
    public String getPageTitle() {
        return title;
    }
}
