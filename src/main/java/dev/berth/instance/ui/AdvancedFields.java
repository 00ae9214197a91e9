package dev.berth.instance.ui;

import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import dev.berth.driver.DiskSpec;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.NicSpec;
import dev.berth.driver.VmSpec;
import dev.berth.image.Image;
import dev.berth.instance.NewInstance;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ResourceName;
import dev.berth.ui.Formats;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The fields that most people never need. Empty means the default. */
class AdvancedFields extends Div {
    private static final long serialVersionUID = 1L;
    private final IntegerField cpus = new IntegerField("vCPUs");
    private final IntegerField memory = new IntegerField("Memory in MiB");
    private final IntegerField disk = new IntegerField("Root disk in GiB");
    private final Select<VmSpec.Firmware> firmware = choice("Firmware", VmSpec.Firmware.values());
    private final Select<DiskSpec.Bus> bus = choice("Disk bus", DiskSpec.Bus.values());
    private final Select<DiskSpec.CloneMode> clone = choice("Disk from image", DiskSpec.CloneMode.values());
    private final Select<NicSpec.Model> nic = choice("Network card", NicSpec.Model.values());
    private final Select<VmSpec.Video> video = choice("Display", VmSpec.Video.values());
    private final Select<Image> iso = new Select<>();
    private final TextField cpuModel = new TextField("CPU model");
    private final TextArea keys = new TextArea("SSH keys (cloud-init), one on a line");
    private final TextArea userData = new TextArea("User-data (cloud-init)");
    private final PortsField ports = new PortsField();
    private final Checkbox protect = new Checkbox("Protect from deletion");

    AdvancedFields(List<Image> isos) {
        iso.setLabel("ISO in the drive");
        iso.setItems(isos);
        iso.setItemLabelGenerator(one -> one == null ? "None" : one.name());
        iso.setEmptySelectionAllowed(true);
        cpus.setPlaceholder("as the size says");
        memory.setPlaceholder("as the size says");
        disk.setPlaceholder("as large as the image");
        cpuModel.setPlaceholder("the best that the node has");
        cpus.setMin(1);
        memory.setMin(16);
        disk.setMin(1);
        keys.setPlaceholder("ssh-ed25519 AAAA… ada@laptop");
        userData.setPlaceholder("#cloud-config");
        keys.setMaxHeight("120px");
        userData.setMaxHeight("160px");
        getStyle()
                .set("display", "grid")
                .set("grid-template-columns", "1fr 1fr")
                .set("gap", "8px 14px");
        add(cpus, memory, disk, firmware, bus, clone, nic, video, iso, cpuModel, keys, userData, ports, protect);
    }

    private static <E extends Enum<E>> Select<E> choice(String label, E[] values) {
        Select<E> select = new Select<>();
        select.setLabel(label);
        select.setItems(values);
        select.setItemLabelGenerator(Formats::word);
        select.setValue(values[0]);
        return select;
    }

    NewInstance complete(
            ResourceName name,
            @Nullable String image,
            @Nullable String node,
            CpuCount sizeCpus,
            DataSize sizeMemory,
            boolean start) {
        Image inDrive = iso.getValue();
        Map<String, @Nullable Object> fields = new HashMap<>();
        fields.put("name", name);
        fields.put("kind", InstanceKind.VM);
        fields.put("image", image);
        fields.put("node", node);
        fields.put("cpus", cpus.getValue() == null ? sizeCpus : cpus.getValue());
        fields.put("memory", memory.getValue() == null ? sizeMemory : DataSize.ofMebibytes(memory.getValue()));
        fields.put("diskSize", disk.getValue() == null ? null : DataSize.ofGibibytes(disk.getValue()));
        fields.put("start", start);
        fields.put("cloneMode", clone.getValue());
        fields.put("diskBus", bus.getValue());
        fields.put("nics", List.of(new NewInstance.NewNic(null, nic.getValue())));
        fields.put("firmware", firmware.getValue());
        if (inDrive != null) {
            fields.put("iso", inDrive.name());
            fields.put("bootOrder", List.of(VmSpec.BootDevice.CDROM, VmSpec.BootDevice.DISK));
        }
        fields.put("video", video.getValue());
        fields.put(
                "cpuModel",
                cpuModel.getValue().isBlank() ? null : cpuModel.getValue().strip());
        fields.put("cloudInit", cloudInit());
        fields.put("publish", ContainerFields.unlessEmpty(ports.ports()));
        fields.put("deletionProtection", protect.getValue());
        return NewInstance.of(fields);
    }

    private NewInstance.@Nullable NewCloudInit cloudInit() {
        List<String> lines = keys.getValue()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        String data = Objects.requireNonNullElse(userData.getValue(), "");
        return lines.isEmpty() && data.isBlank() ? null : new NewInstance.NewCloudInit(data, null, lines, null);
    }
}
