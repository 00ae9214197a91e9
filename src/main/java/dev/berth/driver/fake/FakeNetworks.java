package dev.berth.driver.fake;

import dev.berth.driver.Lease;
import dev.berth.driver.NetworkDriver;
import dev.berth.driver.NetworkSpec;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.MacAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Networks of a fake node. */
final class FakeNetworks implements NetworkDriver {
    private final FakeFleet fleet;
    private final Map<String, Map<MacAddress, Lease>> networks = new ConcurrentHashMap<>();

    FakeNetworks(FakeFleet fleet) {
        this.fleet = fleet;
    }

    @Override
    public void ensureNetwork(NetworkSpec network) {
        fleet.behaviour.change("NetworkDriver.ensureNetwork");
        networks.computeIfAbsent(network.name(), name -> new ConcurrentHashMap<>());
    }

    @Override
    public void removeNetwork(String network) {
        fleet.behaviour.change("NetworkDriver.removeNetwork");
        boolean used = fleet.all()
                .flatMap(instance -> instance.definition().nics().stream())
                .anyMatch(nic -> nic.network().equals(network));
        if (used) {
            throw BerthException.of(ErrorCode.IN_USE, "Instances are attached to the network '" + network + "'.");
        }
        networks.remove(network);
    }

    @Override
    public List<String> networks() {
        fleet.behaviour.look("NetworkDriver.networks");
        return networks.keySet().stream().sorted().toList();
    }

    @Override
    public void reserve(String network, Lease lease) {
        fleet.behaviour.change("NetworkDriver.reserve");
        Map<MacAddress, Lease> leases = require(network);
        synchronized (leases) {
            boolean foreign = leases.values().stream()
                    .anyMatch(old ->
                            old.address().equals(lease.address()) && !old.mac().equals(lease.mac()));
            if (foreign) {
                throw BerthException.of(
                        ErrorCode.IN_USE, "Address " + lease.address() + " is reserved for another interface.");
            }
            leases.put(lease.mac(), lease);
        }
    }

    @Override
    public void release(String network, Lease lease) {
        fleet.behaviour.change("NetworkDriver.release");
        Map<MacAddress, Lease> leases = networks.get(network);
        if (leases != null) {
            leases.remove(lease.mac());
        }
    }

    @Override
    public List<Lease> reservations(String network) {
        fleet.behaviour.look("NetworkDriver.reservations");
        return List.copyOf(require(network).values());
    }

    private Map<MacAddress, Lease> require(String network) {
        Map<MacAddress, Lease> leases = networks.get(network);
        if (leases == null) {
            throw BerthException.notFound("network", network);
        }
        return leases;
    }
}
