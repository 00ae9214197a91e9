package dev.berth.instance.ui;

import com.vaadin.flow.component.Component;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.OciDetails;
import dev.berth.image.Image;
import dev.berth.image.Images;
import dev.berth.instance.InstanceAccess;
import dev.berth.instance.InstanceChanges;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.node.Nodes;
import dev.berth.storage.Volumes;
import dev.berth.ui.LiveUpdates;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** Makes the tabs that show what an instance is made of and may use, and change that. */
@ApplicationScoped
class SettingTabs {
    private final Instances instances;
    private final InstanceChanges changes;
    private final InstanceAccess access;
    private final Images images;
    private final Volumes volumes;
    private final Nodes nodes;
    private final LiveUpdates live;

    SettingTabs(
            Instances instances,
            InstanceChanges changes,
            InstanceAccess access,
            Images images,
            Volumes volumes,
            Nodes nodes,
            LiveUpdates live) {
        this.instances = instances;
        this.changes = changes;
        this.access = access;
        this.images = images;
        this.volumes = volumes;
        this.nodes = nodes;
        this.live = live;
    }

    Component hardware(InstanceView instance) {
        return new HardwareTab(instances, changes, images, live, instance.id());
    }

    Component limits(InstanceView instance) {
        return new LimitsTab(instances, changes, access, live, instance.id());
    }

    Component ports(InstanceView instance) {
        return new PortsTab(instances, changes, live, instance.id(), nodes.address(instance.node()));
    }

    Component volumes(InstanceView instance) {
        return new VolumesTab(instances, volumes, live, instance.id());
    }

    /** Asks how to make an image of a container. */
    CommitDialog commit(InstanceView instance) {
        return new CommitDialog(instances, changes, instance);
    }

    /**
     * Asks what a container is to be.
     *
     * @param restart what restarts it afterwards
     */
    ConfigurationDialog configuration(InstanceView instance, ContainerSpec spec, Runnable restart) {
        UUID image = instance.image();
        OciDetails oci = image == null
                ? null
                : images.find(image.toString()).map(Image::oci).orElse(null);
        ConfigurationDialog.Known known =
                new ConfigurationDialog.Known(oci == null ? null : oci.config(), volumes.list(instance.project()));
        return new ConfigurationDialog(new Changing(instances, changes, instance.id()), instance, spec, known, restart);
    }
}
