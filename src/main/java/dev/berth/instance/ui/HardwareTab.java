package dev.berth.instance.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextField;
import dev.berth.driver.DiskSpec;
import dev.berth.driver.ImageFormat;
import dev.berth.driver.VmSpec;
import dev.berth.image.Image;
import dev.berth.image.Images;
import dev.berth.instance.InstanceChanges;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.kernel.DataSize;
import dev.berth.ui.Actions;
import dev.berth.ui.Card;
import dev.berth.ui.ConfirmByName;
import dev.berth.ui.Facts;
import dev.berth.ui.Formats;
import dev.berth.ui.LiveUpdates;
import dev.berth.ui.Notices;
import dev.berth.ui.Viewer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** What an instance is made of, and how to change that. */
class HardwareTab extends Div {
    private static final long serialVersionUID = 1L;
    private static final long MEBIBYTE = 1L << 20;
    private static final long GIBIBYTE = 1L << 30;
    private final transient Instances instances;
    private final transient InstanceChanges changes;
    private final transient Images images;
    private final transient Changing changing;
    private final UUID id;

    HardwareTab(Instances instances, InstanceChanges changes, Images images, LiveUpdates live, UUID id) {
        this.instances = instances;
        this.changes = changes;
        this.images = images;
        this.changing = new Changing(instances, changes, id);
        this.id = id;
        addClassName("cards");
        Redraw redraw = new Redraw(instances, id, this::draw);
        redraw.ifChanged();
        live.follow(this, event -> event.subject().id().equals(id), false, redraw::ifChanged);
    }

    private void draw(InstanceView instance) {
        removeAll();
        add(size(instance), disks(instance), drive(instance), system(instance), network(instance));
    }

    private Card size(InstanceView instance) {
        TextField name = new TextField("Name");
        name.setValue(instance.name());
        IntegerField cpus = new IntegerField("vCPUs");
        cpus.setValue(instance.cpus().value());
        IntegerField memory = new IntegerField("Memory in MiB");
        memory.setValue((int) (instance.memory().bytes() / MEBIBYTE));
        Checkbox protect = new Checkbox("Protect from deletion", instance.deletionProtection());
        Button save = changing.apply(
                instance,
                () -> Map.of(
                        "name", name.getValue(),
                        "cpus", cpus.getValue(),
                        "memory", DataSize.ofMebibytes(memory.getValue()),
                        "deletionProtection", protect.getValue()));
        return new Card("Name and size", Changing.column(name, cpus, memory, protect, save));
    }

    private Card disks(InstanceView instance) {
        Card card = new Card("Disks");
        for (DiskSpec disk : instance.disks()) {
            if (disk.device() == DiskSpec.Device.DISK) {
                card.add(disk(instance, disk));
            }
        }
        return card;
    }

    private Component disk(InstanceView instance, DiskSpec disk) {
        IntegerField size =
                new IntegerField(disk.name() + " (" + Formats.word(disk.bus()) + "), now " + Formats.size(disk.size()));
        size.setPlaceholder("new size in GiB");
        size.setMin((int) Math.ceilDiv(disk.size().bytes(), GIBIBYTE));
        size.setWidthFull();
        Button grow = Changing.button("Grow", instance, () -> {
            if (size.getValue() == null) {
                Notices.info("Type the new size in GiB first; disks only grow.");
            } else {
                DataSize wanted = DataSize.ofGibibytes(size.getValue());
                changing.submit(Map.of("disks", List.of(new InstanceChanges.DiskChange(disk.name(), wanted))));
            }
        });
        return Changing.column(size, grow);
    }

    private Card drive(InstanceView instance) {
        Select<Image> iso = new Select<>();
        iso.setLabel("ISO image");
        List<Image> isos = images.list().stream()
                .filter(image -> image.format() == ImageFormat.ISO && image.state() == Image.State.READY)
                .toList();
        iso.setItems(isos);
        iso.setItemLabelGenerator(image -> image == null ? "" : image.name());
        String held = instance.disks().stream()
                .filter(disk -> disk.device() == DiskSpec.Device.CDROM && disk.image() != null)
                .findFirst()
                .map(disk -> "holds an image")
                .orElse("empty");
        String whyNot = Verbs.whyNotChange(instance);
        String whyNotAttach =
                isos.isEmpty() && whyNot.isEmpty() ? "there is no ISO image; import one on the images page" : whyNot;
        return new Card(
                "Optical drive: " + held,
                Changing.column(
                        iso,
                        Actions.text(VaadinIcon.INSERT, "Insert", whyNotAttach, () -> {
                            Image chosen = iso.getValue();
                            if (chosen == null) {
                                Notices.info("Choose an ISO image first.");
                            } else {
                                changes.changeMedia(
                                        instances.require(id),
                                        chosen.name(),
                                        Viewer.current().caller());
                            }
                        }),
                        Actions.text(
                                VaadinIcon.EJECT,
                                "Eject",
                                held.equals("empty") ? "it is empty" : whyNot,
                                () -> changes.changeMedia(
                                        instances.require(id),
                                        null,
                                        Viewer.current().caller()))));
    }

    private Card system(InstanceView instance) {
        Facts facts = new Facts();
        if (instance.spec() instanceof VmSpec vm) {
            facts.with("Firmware", Formats.word(vm.firmware()))
                    .with(
                            "Boot order",
                            vm.bootOrder().stream().map(Formats::word).collect(Collectors.joining(", then ")))
                    .with("Boots", vm.directBoot() == null ? "by its firmware" : "the image's kernel directly")
                    .with("Display", Formats.word(vm.video()))
                    .with("CPU model", vm.cpuModel() == null ? "the best that the node has" : vm.cpuModel());
        }
        Button rebuild = Actions.text(
                VaadinIcon.HAMMER, "Rebuild", Verbs.whyNotWhileRunning(instance, "rebuild"), () -> new ConfirmByName(
                                "Rebuild " + instance.name(),
                                "The root disk is made anew from its image; everything on it is lost. Name and address stay.",
                                instance.name(),
                                () -> changes.rebuild(
                                        instances.require(id),
                                        null,
                                        false,
                                        Viewer.current().caller()))
                        .open());
        return new Card("System", facts, rebuild);
    }

    private static Card network(InstanceView instance) {
        Facts facts = new Facts();
        instance.nics().forEach(nic -> facts.with(nic.network(), nic.mac() + ", " + nic.address()));
        return new Card("Network interfaces", facts);
    }
}
