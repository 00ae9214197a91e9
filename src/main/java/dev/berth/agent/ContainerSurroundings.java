package dev.berth.agent;

import dev.berth.driver.ImageRef;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.libvirt.LibvirtNetworks;
import dev.berth.driver.lxc.Surroundings;
import dev.berth.driver.nft.Guard;
import dev.berth.driver.nft.NodeRules;
import dev.berth.driver.nft.PortRules;
import dev.berth.oci.OciImages;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What containers use of this host's other drivers: layers, networks, the packet filter. */
final class ContainerSurroundings {
    private ContainerSurroundings() {}

    static Surroundings of(
            OciImages images, Surroundings.Volumes volumes, LibvirtNetworks networks, NodeRules rules) {
        return new Surroundings(
                image -> layers(images, image), volumes, networks::find, new FilteredPorts(rules.ports(InstanceKind.CONTAINER)));
    }

    private static List<Path> layers(OciImages images, ImageRef image) {
        return images.directories(OciImages.details(images.require(image.id())));
    }

    /** The packet filter as the container driver knows it. */
    private record FilteredPorts(PortRules rules) implements Surroundings.Ports {
        @Override
        public void guard(InstanceDefinition definition, List<Surroundings.HostPort> interfaces) {
            rules.guard(definition.id(), Guard.of(definition));
        }

        @Override
        public void recover(List<InstanceDefinition> running) {
            Map<UUID, Guard> guards = new HashMap<>();
            running.forEach(definition -> guards.put(definition.id(), Guard.of(definition)));
            rules.recover(guards);
        }

        @Override
        public void forget(UUID instance) {
            rules.forget(instance);
        }
    }
}
