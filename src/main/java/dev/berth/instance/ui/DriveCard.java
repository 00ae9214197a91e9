package dev.berth.instance.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.select.Select;
import dev.berth.driver.DiskSpec;
import dev.berth.driver.ImageFormat;
import dev.berth.image.Image;
import dev.berth.image.Images;
import dev.berth.instance.InstanceView;
import dev.berth.ui.Actions;
import dev.berth.ui.Notices;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The optical drive of a machine: which ISO image is in it, if any. */
class DriveCard extends Div {
    private static final long serialVersionUID = 1L;
    private final transient Images images;
    private final transient Consumer<@Nullable String> change;
    private final H3 title = new H3();
    private final Select<Image> iso = new Select<>();
    private final Button insert = Actions.text(VaadinIcon.INSERT, "Insert", "", this::insert);
    private final Button eject;
    private transient List<Image> offered = List.of();

    /**
     * A card.
     *
     * @param change puts the image of a name into the drive; null takes out what is in it
     */
    DriveCard(Images images, Consumer<@Nullable String> change) {
        this.images = images;
        this.change = change;
        this.eject = Actions.text(VaadinIcon.EJECT, "Eject", "", () -> change.accept(null));
        addClassName("card");
        iso.setLabel("ISO image");
        iso.setItemLabelGenerator(image -> image == null ? "" : image.name());
        add(title, Changing.column(iso, insert, eject));
    }

    private void insert() {
        Image chosen = iso.getValue();
        if (chosen == null) {
            Notices.info("Choose an ISO image first.");
        } else {
            change.accept(chosen.name());
        }
    }

    void show(InstanceView instance) {
        List<Image> isos = images.list().stream()
                .filter(image -> image.format() == ImageFormat.ISO && image.state() == Image.State.READY)
                .toList();
        if (!isos.equals(offered)) {
            offered = isos;
            iso.setItems(isos);
        }
        boolean holds = instance.disks().stream()
                .anyMatch(disk -> disk.device() == DiskSpec.Device.CDROM && disk.image() != null);
        title.setText("Optical drive: " + (holds ? "holds an image" : "empty"));
        String whyNot = Verbs.whyNotChange(instance);
        Actions.explain(
                insert,
                isos.isEmpty() && whyNot.isEmpty() ? "there is no ISO image; import one on the images page" : whyNot);
        Actions.explain(eject, holds ? whyNot : "it is empty");
    }
}
