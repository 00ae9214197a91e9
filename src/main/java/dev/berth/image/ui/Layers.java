package dev.berth.image.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.grid.ColumnTextAlign;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Span;
import dev.berth.image.ImageLayers;
import dev.berth.kernel.DataSize;
import dev.berth.ui.Formats;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/** The layers of an image, topmost last, and who has each of them. */
class Layers extends Grid<Layers.Row> {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN_DIGITS = 12;

    /** A layer with its number, from 1, lowest first. */
    record Row(int number, ImageLayers.Layer layer) {}

    Layers() {
        setAllRowsVisible(true);
        addColumn(Row::number).setHeader("#").setWidth("52px").setFlexGrow(0);
        addComponentColumn(row -> digest(row.layer().digest()))
                .setHeader("Layer")
                .setWidth("150px")
                .setFlexGrow(0);
        size(addColumn(row -> Formats.size(row.layer().size())), "Packed", 100);
        size(addColumn(row -> Formats.size(row.layer().unpacked())), "Unpacked", 105);
        size(addColumn(row -> row.layer().containers()), "Containers", 110);
        addComponentColumn(row -> sharers(row.layer().sharedWith()))
                .setHeader("Also in")
                .setFlexGrow(1);
    }

    private static void size(Column<Row> column, String header, int width) {
        column.setHeader(header).setWidth(width + "px").setFlexGrow(0).setTextAlign(ColumnTextAlign.END);
    }

    static Component digest(String digest) {
        String hex = digest.replaceFirst("^sha256:", "");
        Span text = new Span(hex.substring(0, Math.min(SHOWN_DIGITS, hex.length())));
        text.addClassName("mono");
        text.setTitle(digest);
        return text;
    }

    private static Component sharers(List<ImageLayers.Sharer> sharers) {
        Span text = new Span();
        text.setTitle(
                String.join(", ", sharers.stream().map(ImageLayers.Sharer::name).toList()));
        if (sharers.isEmpty()) {
            text.setText("no other image");
            text.addClassName("quiet");
        }
        for (Iterator<ImageLayers.Sharer> rest = sharers.iterator(); rest.hasNext(); ) {
            ImageLayers.Sharer sharer = rest.next();
            text.add(new Anchor("images/" + sharer.id(), sharer.name()));
            if (rest.hasNext()) {
                text.add(", ");
            }
        }
        return text;
    }

    void show(List<ImageLayers.Layer> layers) {
        setItems(IntStream.range(0, layers.size())
                .mapToObj(i -> new Row(i + 1, layers.get(i)))
                .toList());
    }

    /** For example: 5 layers, 60 MiB packed and 150 MiB unpacked, of which 30 MiB are shared with other images. */
    static String sum(List<ImageLayers.Layer> layers) {
        long packed = layers.stream().mapToLong(layer -> layer.size().bytes()).sum();
        long unpacked =
                layers.stream().mapToLong(layer -> layer.unpacked().bytes()).sum();
        long shared = layers.stream()
                .filter(layer -> !layer.sharedWith().isEmpty())
                .mapToLong(layer -> layer.unpacked().bytes())
                .sum();
        return count(layers.size()) + ", " + new DataSize(packed).display() + " packed and "
                + new DataSize(unpacked).display() + " unpacked, of which "
                + (shared == 0 ? "nothing is" : new DataSize(shared).display() + " are")
                + " shared with other images";
    }

    static String count(int layers) {
        return layers == 1 ? "1 layer" : layers + " layers";
    }
}
