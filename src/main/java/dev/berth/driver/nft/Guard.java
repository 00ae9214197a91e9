package dev.berth.driver.nft;

import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.NicSpec;
import dev.berth.driver.Publication;
import java.util.List;

/**
 * What the packet filter has to know of one instance.
 *
 * @param publications lead to the first port that has an address; without such a port they lead nowhere and are left out
 */
public record Guard(List<GuardedPort> ports, List<Publication> publications) {
    public Guard {
        ports = List.copyOf(ports);
        publications = List.copyOf(publications);
    }

    /** The guard of an instance; networks are named like their bridges. */
    public static Guard of(InstanceDefinition definition) {
        InstanceKind kind = definition.spec().instanceKind();
        return new Guard(definition.nics().stream().map(nic -> port(kind, nic)).toList(), definition.publications());
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
