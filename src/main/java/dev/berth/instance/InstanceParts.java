package dev.berth.instance;

import dev.berth.access.Caller;
import dev.berth.driver.NicSpec;
import dev.berth.driver.OciDetails;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.Uuids;
import dev.berth.network.Addresses;
import dev.berth.network.Network;
import dev.berth.network.Networks;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What an instance gets from elsewhere in the transaction that makes it: addresses and volumes. */
@ApplicationScoped
class InstanceParts {
    private final Networks networks;
    private final Addresses addresses;
    private final InstanceVolumes volumes;
    private final Clock clock;

    InstanceParts(Networks networks, Addresses addresses, InstanceVolumes volumes, Clock clock) {
        this.networks = networks;
        this.addresses = addresses;
        this.volumes = volumes;
        this.clock = clock;
    }

    InstanceVolumes volumes() {
        return volumes;
    }

    Clock clock() {
        return clock;
    }

    /**
     * The instance with its interfaces and its own volumes.
     *
     * @param image what its image declares, or null where nothing is to be added
     * @param source the instance that it is a copy of, or null
     */
    @Transactional(Transactional.TxType.MANDATORY)
    Instance complete(
            Instance drawn,
            List<NewInstance.NewNic> nics,
            OciDetails.@Nullable Config image,
            @Nullable UUID source,
            UUID operation,
            Caller caller) {
        Instance connected = drawn.with(draft -> draft.nics = interfaces(drawn.id(), drawn.node(), nics));
        Instance declared = image == null ? connected : volumes.withDeclared(connected, image, operation, caller);
        return source == null ? declared : volumes.withOwn(declared, source, operation, caller);
    }

    private List<NicSpec> interfaces(UUID instance, UUID node, List<NewInstance.NewNic> requested) {
        List<NicSpec> nics = new ArrayList<>();
        for (NewInstance.NewNic nic : requested) {
            Network network = network(node, nic.network(), "/nics/" + nics.size() + "/network");
            UUID id = Uuids.next();
            Addresses.Held held = addresses.allocate(network, instance, id);
            nics.add(new NicSpec(
                    id,
                    network.name(),
                    held.mac(),
                    held.address(),
                    Objects.requireNonNullElse(nic.model(), NicSpec.Model.VIRTIO)));
        }
        return nics;
    }

    private Network network(UUID node, @Nullable String wanted, String pointer) {
        return wanted == null
                ? networks.standard(node)
                : networks.find(node, wanted)
                        .orElseThrow(() -> BerthException.invalid(pointer, "There is no network '" + wanted + "'."));
    }
}
