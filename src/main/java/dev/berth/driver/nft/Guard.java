package dev.berth.driver.nft;

import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.NicSpec;
import dev.berth.driver.Publication;
import java.util.List;
import java.util.UUID;

/**
 * What the packet filter has to know of one instance.
 *
 * @param project the identity of its project; between projects nothing is bridged
 * @param publications lead to the first port that has an address; without such a port they lead nowhere and are left out
 */
public record Guard(String project, List<GuardedPort> ports, List<Publication> publications) {
    public Guard {
        ports = List.copyOf(ports);
        publications = List.copyOf(publications);
    }

    /** The guard of an instance; networks are named like their bridges. */
    public static Guard of(InstanceDefinition definition) {
        InstanceKind kind = definition.spec().instanceKind();
        return new Guard(
                project(definition),
                definition.nics().stream().map(nic -> port(kind, nic)).toList(),
                definition.publications());
    }

    /** Names of projects change; definitions that do not say the id are told apart by them all the same. */
    private static String project(InstanceDefinition definition) {
        UUID owner = definition.owner();
        return owner == null ? "name " + definition.project() : owner.toString();
    }

    private static GuardedPort port(InstanceKind kind, NicSpec nic) {
        String name =
                switch (kind) {
                    case VM -> GuardedPort.machine(nic.id());
                    case CONTAINER -> GuardedPort.container(nic.id());
                };
        return new GuardedPort(name, nic.mac(), nic.address(), nic.network());
    }
}
