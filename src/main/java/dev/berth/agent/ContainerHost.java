package dev.berth.agent;

import dev.berth.driver.Capabilities;
import dev.berth.driver.DiskSpec;
import dev.berth.driver.DriverIdentity;
import dev.berth.driver.ImageRef;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.NodeFacts;
import dev.berth.driver.VolumeDriver;
import dev.berth.driver.lxc.ContainerVolumes;
import dev.berth.driver.lxc.LxcDriver;
import dev.berth.driver.lxc.LxcSettings;
import dev.berth.driver.lxc.Surroundings;
import dev.berth.driver.nft.Guard;
import dev.berth.driver.nft.PortRules;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The containers of this host, or the reason why it runs none. */
final class ContainerHost implements AutoCloseable {
    private final @Nullable LxcDriver driver;
    private final @Nullable DriverLook look;
    private final ContainerVolumes volumes;
    private final String problem;

    ContainerHost(
            LxcSettings settings,
            NodeLayers layers,
            ContainerVolumes volumes,
            Surroundings.Networks networks,
            PortRules ports,
            Clock clock) {
        this.volumes = volumes;
        problem = LxcDriver.problem(settings).orElse("");
        if (!problem.isEmpty()) {
            driver = null;
            look = null;
            return;
        }
        LxcDriver made =
                new LxcDriver(settings, new Surroundings(layers, volumes, networks, new GuardedPorts(ports)), clock);
        layers.oci().usedBy(() -> imagesOf(made));
        volumes.usedBy(made::usersOf, made::holdersOf);
        driver = made;
        look = new DriverLook("lxc", "liblxc", made);
    }

    private static Set<UUID> imagesOf(LxcDriver driver) {
        return driver.definitions().stream()
                .flatMap(definition -> definition.disks().stream())
                .map(DiskSpec::image)
                .filter(Objects::nonNull)
                .map(ImageRef::id)
                .collect(Collectors.toSet());
    }

    /** The driver; UNSUPPORTED with what to install where there is none. */
    LxcDriver driver() {
        LxcDriver there = driver;
        if (there == null) {
            throw BerthException.of(ErrorCode.UNSUPPORTED, "This node runs no containers: " + problem);
        }
        return there;
    }

    /** The volumes that containers have; UNSUPPORTED where there can be none. */
    VolumeDriver volumes() {
        driver();
        return volumes;
    }

    void recover() {
        if (driver != null) {
            volumes.recover();
            driver.recover();
        }
    }

    Optional<String> problem() {
        return problem.isEmpty() ? Optional.empty() : Optional.of(problem);
    }

    NodeFacts.DriverFacts facts() {
        DriverLook there = look;
        return there == null
                ? new NodeFacts.DriverFacts(
                        new DriverIdentity("lxc", "unavailable"),
                        new Capabilities(Set.of(InstanceKind.CONTAINER), Set.of(), Set.of(), false),
                        problem)
                : there.facts();
    }

    @Override
    public void close() {
        if (driver != null) {
            driver.close();
        }
    }

    /** The packet filter, as the driver calls it. */
    private record GuardedPorts(PortRules rules) implements Surroundings.Ports {
        @Override
        public void claim(InstanceDefinition definition) {
            rules.claim(definition.id(), Guard.of(definition));
        }

        @Override
        public void guard(InstanceDefinition definition) {
            rules.guard(definition.id(), Guard.of(definition));
        }

        @Override
        public void linked(InstanceDefinition definition) {
            rules.linked(Guard.of(definition));
        }

        @Override
        public void forget(UUID instance) {
            rules.forget(instance);
        }

        @Override
        public void recover(List<InstanceDefinition> all) {
            rules.recover(all.stream().collect(Collectors.toMap(InstanceDefinition::id, Guard::of)));
        }
    }
}
