package dev.berth.agent;

import dev.berth.driver.Capabilities;
import dev.berth.driver.DiskSpec;
import dev.berth.driver.DriverIdentity;
import dev.berth.driver.ImageRef;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.InstanceDriver;
import dev.berth.driver.NodeFacts;
import dev.berth.driver.lxc.LxcDriver;
import dev.berth.driver.lxc.LxcSettings;
import dev.berth.driver.lxc.Surroundings;
import dev.berth.driver.nft.Guard;
import dev.berth.driver.nft.PortRules;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The containers of this node, or the reason why it runs none. */
final class ContainerPart implements AutoCloseable {
    private final @Nullable String problem;
    private final @Nullable LxcDriver driver;
    private final @Nullable DriverLook look;

    ContainerPart(LxcSettings settings, Surroundings surroundings, Clock clock) {
        this.problem = LxcDriver.problem(settings).orElse(null);
        this.driver = problem == null ? new LxcDriver(settings, surroundings, clock) : null;
        this.look = driver == null ? null : new DriverLook("lxc", "liblxc", driver);
    }

    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** The driver; UNSUPPORTED where containers do not run. */
    InstanceDriver driver() {
        if (driver == null) {
            throw BerthException.of(ErrorCode.UNSUPPORTED, "This node runs no containers: " + problem);
        }
        return driver;
    }

    NodeFacts.DriverFacts facts() {
        if (look != null) {
            return look.facts();
        }
        Capabilities none = new Capabilities(Set.of(), Set.of(), Set.of(), false);
        return new NodeFacts.DriverFacts(
                new DriverIdentity("lxc", "unavailable"), none, Objects.requireNonNullElse(problem, ""));
    }

    /** Images that containers are made of. */
    Set<UUID> images() {
        if (driver == null) {
            return Set.of();
        }
        return driver.definitions().stream()
                .flatMap(definition -> definition.disks().stream())
                .map(DiskSpec::image)
                .filter(Objects::nonNull)
                .map(ImageRef::id)
                .collect(Collectors.toSet());
    }

    /** Finds again what runs; rules first, so that nothing is reachable or spoofable that should not be. */
    void recover(PortRules rules) {
        if (driver == null) {
            return;
        }
        rules.recover(driver.definitions().stream().collect(Collectors.toMap(InstanceDefinition::id, Guard::of)));
        driver.recover();
    }

    @Override
    public void close() {
        if (driver != null) {
            driver.close();
        }
    }
}
