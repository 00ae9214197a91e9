package dev.berth.instance.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.MountSpec;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.kernel.DataSize;
import dev.berth.storage.Volume;
import dev.berth.storage.Volumes;
import dev.berth.ui.Formats;
import dev.berth.ui.LiveUpdates;
import dev.berth.ui.Meter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is mounted in a container, where, and how full it is. */
class VolumesTab extends Div {
    private static final long serialVersionUID = 1L;
    private final transient Volumes volumes;
    private final Grid<Mounted> grid = new Grid<>();

    VolumesTab(Instances instances, Volumes volumes, LiveUpdates live, UUID id) {
        this.volumes = volumes;
        Redraw redraw = new Redraw(instances, id, instance -> grid.setItems(mounts(instance)));
        addClassName("panel");
        grid.addColumn(Mounted::target).setHeader("Mounted at").setFlexGrow(3);
        grid.addColumn(Mounted::kind).setHeader("What").setFlexGrow(2);
        grid.addColumn(Mounted::source).setHeader("From").setFlexGrow(3);
        grid.addColumn(mounted -> mounted.readOnly() ? "read-only" : "read-write")
                .setHeader("Access")
                .setWidth("130px")
                .setFlexGrow(0);
        grid.addComponentColumn(VolumesTab::fill)
                .setHeader("Used")
                .setWidth("170px")
                .setFlexGrow(0);
        grid.setEmptyStateText("Nothing is mounted in it: all that it writes goes when it is deleted.");
        grid.setSizeFull();
        Div note = new Div(
                new Span(
                        "Mounts are chosen when a container is made, and changed with 'Edit configuration' above. Volumes are made, grown and deleted under "),
                new Anchor("/volumes", "Volumes"),
                new Span("."));
        note.addClassName("quiet");
        add(note, grid);
        redraw.ifChanged();
        live.follow(
                this,
                event -> event.subject().id().equals(id) || event.type().startsWith("volume."),
                false,
                redraw::always);
    }

    /**
     * One mount.
     *
     * @param size null for what has no limit of its own
     * @param used null where nobody knows
     */
    private record Mounted(
            String target,
            String kind,
            String source,
            boolean readOnly,
            @Nullable DataSize size,
            @Nullable DataSize used) {}

    private List<Mounted> mounts(InstanceView instance) {
        List<Mounted> all = new ArrayList<>();
        if (instance.spec() instanceof ContainerSpec spec) {
            Map<UUID, Volume> known = volumes.list(instance.project()).stream()
                    .collect(Collectors.toMap(Volume::id, Function.identity()));
            Map<UUID, DataSize> used = volumes.used(instance.node());
            spec.mounts().forEach(mount -> all.add(mounted(instance, mount, known, used)));
            spec.tmpfs()
                    .forEach(tmpfs -> all.add(new Mounted(
                            tmpfs.target(), "in memory", "nothing is kept", false, new DataSize(tmpfs.size()), null)));
        }
        return all;
    }

    private static Mounted mounted(
            InstanceView instance, MountSpec mount, Map<UUID, Volume> known, Map<UUID, DataSize> used) {
        UUID id = mount.volume();
        if (id == null) {
            String path = String.valueOf(mount.hostPath());
            return new Mounted(mount.target(), "directory of the node", path, mount.readOnly(), null, null);
        }
        Volume volume = known.get(id);
        boolean own = volume != null && instance.id().equals(volume.instance());
        return new Mounted(
                mount.target(),
                own ? "volume of its image" : "named volume",
                volume == null ? id.toString() : volume.name(),
                mount.readOnly(),
                volume == null ? null : volume.size(),
                used.get(id));
    }

    private static Component fill(Mounted mounted) {
        DataSize size = mounted.size();
        DataSize used = mounted.used();
        if (size == null) {
            return new Span("–");
        }
        return used == null
                ? new Span("at most " + Formats.size(size))
                : new Meter(
                        (double) used.bytes() / Math.max(1, size.bytes()),
                        Formats.size(used) + " of " + Formats.size(size));
    }
}
