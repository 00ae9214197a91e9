package dev.berth.driver.libvirt;

import dev.berth.driver.Lease;
import dev.berth.driver.NetworkDriver;
import dev.berth.driver.NetworkSpec;
import dev.berth.driver.nft.GuardedNetwork;
import dev.berth.driver.nft.NodeRules;
import dev.berth.ffi.VirtConnection;
import dev.berth.ffi.VirtDomain;
import dev.berth.ffi.VirtException;
import dev.berth.ffi.VirtNetwork;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.w3c.dom.Element;

/**
 * Networks of libvirt: a bridge, and a DHCP and DNS server each. Their rules and address translation are Berth's own.
 *
 * <p>Reservations are static hosts of the network's DHCP server; changing one does not restart it. Calls are serialized,
 * because a reservation is replaced in two steps.
 */
public final class LibvirtNetworks implements NetworkDriver {
    private final Hypervisor hypervisor;

    private final NodeRules rules;
    private final Map<String, NetworkSpec> known = new ConcurrentHashMap<>();

    LibvirtNetworks(Hypervisor hypervisor, NodeRules rules) {
        this.hypervisor = hypervisor;
        this.rules = rules;
    }

    /** Tells the packet filter which networks there are. */
    synchronized void recover() {
        hypervisor.run(this::tellRules);
    }

    private void tellRules(VirtConnection connection) {
        Map<String, NetworkSpec> specs = new HashMap<>();
        List<GuardedNetwork> guarded = new ArrayList<>();
        for (VirtNetwork handle : connection.networks()) {
            try (handle) {
                String xml = handle.xml();
                NetworkXml.guarded(xml, handle.name()).ifPresent(network -> {
                    guarded.add(network);
                    specs.put(network.bridge(), NetworkXml.spec(xml, network));
                });
            } catch (VirtException e) {
                if (e.code() != VirtException.NO_NETWORK) {
                    throw e;
                }
            }
        }
        known.keySet().retainAll(specs.keySet());
        known.putAll(specs);
        rules.networks(guarded);
    }

    /** A network of Berth's as it was last seen; asks nobody, so that containers start while libvirtd is away. */
    public Optional<NetworkSpec> find(String name) {
        return Optional.ofNullable(known.get(name));
    }

    @Override
    public synchronized void ensureNetwork(NetworkSpec network) {
        hypervisor.run(connection -> {
            try (VirtNetwork handle = existing(connection, network).orElseGet(() -> create(connection, network))) {
                NetworkOpening.ensure(connection, handle);
                handle.autostart(true);
            }
            tellRules(connection);
        });
    }

    private static Optional<VirtNetwork> existing(VirtConnection connection, NetworkSpec network) {
        Optional<VirtNetwork> found = connection.network(network.name());
        if (found.isPresent() && !NetworkXml.matches(found.get().xml(), network)) {
            found.get().close();
            throw BerthException.of(
                    ErrorCode.NAME_TAKEN,
                    "The node has another network '" + network.name() + "'; remove it with 'virsh net-undefine' or"
                            + " choose another name.");
        }
        return found;
    }

    private static VirtNetwork create(VirtConnection connection, NetworkSpec network) {
        VirtNetwork handle = connection.defineNetwork(NetworkXml.of(network, List.of()));
        try {
            handle.create();
            return handle;
        } catch (VirtException e) {
            handle.undefine();
            handle.close();
            throw e;
        }
    }

    @Override
    public synchronized void removeNetwork(String network) {
        hypervisor.run(connection -> connection.network(network).ifPresent(handle -> {
            try (handle) {
                refuseForeign(handle, network);
                refuseAttached(connection, network);
                if (handle.isActive()) {
                    handle.destroy();
                }
                handle.undefine();
            }
            tellRules(connection);
        }));
    }

    private static void refuseForeign(VirtNetwork handle, String network) {
        if (!NetworkXml.isOurs(handle.xml(), network)) {
            throw BerthException.notFound("network", network);
        }
    }

    private static void refuseAttached(VirtConnection connection, String network) {
        boolean attached = false;
        for (VirtDomain domain : connection.domains()) {
            try (domain) {
                attached |= attached(domain.xml(0), network);
            } catch (VirtException e) {
                if (e.code() != VirtException.NO_DOMAIN) {
                    throw e;
                }
            }
        }
        if (attached) {
            throw BerthException.of(
                    ErrorCode.IN_USE, "Instances are attached to network '" + network + "'; delete them first.");
        }
    }

    private static boolean attached(String domainXml, String network) {
        for (Element nic : XmlReader.all(XmlReader.parse(domainXml), "interface")) {
            if (XmlReader.attribute(nic, "source", "network").equals(network)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public List<String> networks() {
        return hypervisor.call(connection -> {
            List<String> names = new ArrayList<>();
            for (VirtNetwork handle : connection.networks()) {
                try (handle) {
                    if (NetworkXml.isOurs(handle.xml(), handle.name())) {
                        names.add(handle.name());
                    }
                } catch (VirtException e) {
                    if (e.code() != VirtException.NO_NETWORK) {
                        throw e;
                    }
                }
            }
            return names;
        });
    }

    @Override
    public synchronized void reserve(String network, Lease lease) {
        change(network, handle -> NetworkNames.reserve(handle, lease));
    }

    @Override
    public synchronized void release(String network, Lease lease) {
        try {
            change(network, handle -> NetworkNames.release(handle, lease));
        } catch (BerthException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
        }
    }

    @Override
    public List<Lease> reservations(String network) {
        return hypervisor.call(connection -> {
            try (VirtNetwork handle = find(connection, network)) {
                return NetworkXml.reservations(handle.xml());
            }
        });
    }

    private void change(String network, Consumer<VirtNetwork> work) {
        hypervisor.run(connection -> {
            try (VirtNetwork handle = find(connection, network)) {
                work.accept(handle);
            }
        });
    }

    private static VirtNetwork find(VirtConnection connection, String network) {
        return connection.network(network).orElseThrow(() -> BerthException.notFound("network", network));
    }
}
