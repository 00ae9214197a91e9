package dev.berth.agent;

import dev.berth.driver.ImageRef;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.NetworkSpec;
import dev.berth.driver.lxc.Surroundings;
import dev.berth.driver.nft.Guard;
import dev.berth.driver.nft.PortRules;
import dev.berth.oci.OciImages;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** What containers need of this node's other parts: layers of images, volumes, networks, and the packet filter. */
final class ContainerSurroundings {
    private ContainerSurroundings() {}

    static Surroundings of(
            OciImages images,
            Surroundings.Volumes volumes,
            Function<String, Optional<NetworkSpec>> networks,
            PortRules rules) {
        return new Surroundings(image -> layers(images, image), volumes, networks::apply, new Ports(rules));
    }

    private static List<Path> layers(OciImages images, ImageRef image) {
        return images.directories(OciImages.details(images.require(image.id())));
    }

    private record Ports(PortRules rules) implements Surroundings.Ports {
        @Override
        public void guard(InstanceDefinition definition, List<Surroundings.HostPort> interfaces) {
            rules.guard(definition.id(), Guard.of(definition));
        }

        @Override
        public void forget(UUID instance) {
            rules.forget(instance);
        }
    }
}
