package dev.berth.instance.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.textfield.IntegerField;
import dev.berth.driver.DiskSpec;
import dev.berth.instance.InstanceChanges;
import dev.berth.instance.InstanceView;
import dev.berth.kernel.DataSize;
import dev.berth.ui.Formats;
import dev.berth.ui.Notices;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The disks of an instance, and how to make them larger. */
class DisksCard extends Div {
    private static final long serialVersionUID = 1L;
    private static final long GIBIBYTE = 1L << 30;
    private final transient Supplier<Changing> changes;
    private final Div rows = new Div();
    private transient Changing changing;
    private transient List<DiskSpec> shown = List.of();

    /**
     * A card without disks.
     *
     * @param changes begins the changes of the disks that are shown
     */
    DisksCard(Supplier<Changing> changes) {
        this.changes = changes;
        this.changing = changes.get();
        addClassName("card");
        add(new H3("Disks"), rows);
    }

    void show(InstanceView instance) {
        List<DiskSpec> disks = instance.disks().stream()
                .filter(disk -> disk.device() == DiskSpec.Device.DISK)
                .toList();
        if (!disks.equals(shown)) {
            shown = disks;
            changing = changes.get();
            rows.removeAll();
            disks.forEach(disk -> rows.add(row(disk)));
        }
        changing.show(instance);
    }

    private Component row(DiskSpec disk) {
        IntegerField size =
                new IntegerField(disk.name() + " (" + Formats.word(disk.bus()) + "), now " + Formats.size(disk.size()));
        size.setPlaceholder("new size in GiB");
        size.setMin((int) Math.ceilDiv(disk.size().bytes(), GIBIBYTE));
        size.setWidthFull();
        return Changing.column(size, changing.button("Grow", () -> grow(disk, size)));
    }

    private void grow(DiskSpec disk, IntegerField size) {
        if (size.getValue() == null) {
            Notices.info("Type the new size in GiB first; disks only grow.");
        } else {
            DataSize wanted = DataSize.ofGibibytes(size.getValue());
            changing.submit(Map.of("disks", List.of(new InstanceChanges.DiskChange(disk.name(), wanted))));
        }
    }
}
