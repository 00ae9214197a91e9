package dev.berth.instance.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextField;
import dev.berth.driver.VmSpec;
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
import dev.berth.ui.SavedFields;
import dev.berth.ui.Steady;
import dev.berth.ui.Viewer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a machine is made of, and how to change that. */
class HardwareTab extends Div {
    private static final long serialVersionUID = 1L;
    private static final long MEBIBYTE = 1L << 20;
    private final transient Instances instances;
    private final transient InstanceChanges changes;
    private final transient Changing changing;
    private final transient SavedFields saved = new SavedFields();
    private final UUID id;
    private final TextField name = new TextField("Name");
    private final IntegerField cpus = new IntegerField("vCPUs");
    private final IntegerField memory = new IntegerField("Memory in MiB");
    private final Checkbox protect = new Checkbox("Protect from deletion");
    private final DisksCard disks;
    private final DriveCard drive;
    private final Div system = new Div();
    private final Button rebuild = Actions.text(VaadinIcon.HAMMER, "Rebuild", "", this::confirmRebuild);
    private final Div network = new Div();

    HardwareTab(Instances instances, InstanceChanges changes, Images images, LiveUpdates live, UUID id) {
        this.instances = instances;
        this.changes = changes;
        this.changing = new Changing(instances, changes, id);
        this.id = id;
        this.disks = new DisksCard(() -> new Changing(instances, changes, id));
        this.drive = new DriveCard(images, this::changeMedia);
        addClassName("cards");
        add(
                new Card("Name and size", Changing.column(name, cpus, memory, protect, changing.apply(this::change))),
                disks,
                drive,
                new Card("System", system, rebuild),
                new Card("Network interfaces", network));
        refresh();
        live.follow(this, event -> event.subject().id().equals(id), false, this::refresh);
    }

    private Map<String, ?> change() {
        Map<String, Object> change = new HashMap<>();
        change.put("name", name.getValue());
        change.put("deletionProtection", protect.getValue());
        if (cpus.getValue() != null) {
            change.put("cpus", cpus.getValue());
        }
        if (memory.getValue() != null) {
            change.put("memory", DataSize.ofMebibytes(memory.getValue()));
        }
        return change;
    }

    private void changeMedia(@Nullable String image) {
        changes.changeMedia(instances.require(id), image, Viewer.current().caller());
    }

    private void confirmRebuild() {
        InstanceView instance = instances.require(id);
        new ConfirmByName(
                        "Rebuild " + instance.name(),
                        "The root disk is made anew from its image; everything on it is lost. Name and address stay.",
                        instance.name(),
                        () -> changes.rebuild(
                                instances.require(id),
                                null,
                                false,
                                Viewer.current().caller()))
                .open();
    }

    private void refresh() {
        instances.find(id).ifPresent(this::show);
    }

    private void show(InstanceView instance) {
        saved.show(name, instance.name());
        saved.show(cpus, instance.cpus().value());
        saved.show(memory, (int) (instance.memory().bytes() / MEBIBYTE));
        saved.show(protect, instance.deletionProtection());
        changing.show(instance);
        disks.show(instance);
        drive.show(instance);
        Steady.show(system, List.of(system(instance)));
        Actions.explain(rebuild, Verbs.whyNotWhileRunning(instance, "rebuild"));
        Facts nics = new Facts();
        instance.nics().forEach(nic -> nics.with(nic.network(), nic.mac() + ", " + nic.address()));
        Steady.show(network, List.of(nics));
    }

    private static Facts system(InstanceView instance) {
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
        return facts;
    }
}
