package dev.berth.instance.ui;

import com.vaadin.flow.component.textfield.TextArea;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.MountSpec;
import dev.berth.instance.NewContainer.NewMount;
import dev.berth.storage.Volume;
import dev.berth.ui.RefusedFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is mounted in a container, apart from the volumes that were made for it, which stay. */
class MountsSection extends ConfigurationSection {
    private static final long serialVersionUID = 1L;
    private final TextArea volumes;
    private final TextArea tmpfs;
    private final transient List<String> before;

    /**
     * A form.
     *
     * @param known volumes of its project
     */
    MountsSection(UUID instance, ContainerSpec spec, List<Volume> known) {
        super("Mounts", "What is in a volume or a directory stays there when it is no longer mounted.");
        Map<UUID, Volume> byId = known.stream().collect(Collectors.toMap(Volume::id, Function.identity()));
        List<MountSpec> chosen = new ArrayList<>();
        List<String> own = new ArrayList<>();
        for (MountSpec mount : spec.mounts()) {
            Volume volume = mount.volume() == null ? null : byId.get(mount.volume());
            if (volume != null && instance.equals(volume.instance())) {
                own.add(mount.target());
            } else {
                chosen.add(mount);
            }
        }
        Function<UUID, String> nameOf =
                id -> byId.containsKey(id) ? byId.get(id).name() : id.toString();
        volumes = area("Volumes and directories, one on each line", Mounts.text(chosen, nameOf), "data:/var/lib/data");
        volumes.setHelperText("Volume or directory of the node, a colon, path inside; :ro for read-only"
                + (own.isEmpty() ? "" : ". The volumes that were made for it stay: " + String.join(", ", own)));
        tmpfs = area("File systems in memory", Mounts.tmpfsText(spec.tmpfs()), "/run:64");
        tmpfs.setHelperText("Path, a colon, MiB; one on each line");
        add(volumes, tmpfs);
        before = text();
    }

    private List<String> text() {
        return List.of(volumes.getValue(), tmpfs.getValue());
    }

    @Override
    void into(Map<String, @Nullable Object> change) {
        if (!text().equals(before)) {
            List<NewMount> all = new ArrayList<>(Mounts.volumes(volumes.getValue()));
            all.addAll(Mounts.tmpfs(tmpfs.getValue()));
            change.put("mounts", all);
        }
    }

    @Override
    void register(RefusedFields fields) {
        fields.with("/mounts", volumes).with(Mounts.TMPFS_POINTER, tmpfs);
    }
}
