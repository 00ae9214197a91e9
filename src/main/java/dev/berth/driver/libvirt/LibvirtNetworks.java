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
import dev.berth.kernel.MacAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Networks of libvirt: a bridge, and a DHCP and DNS server each. Their rules and address translation are Berth's own.
 *
 * <p>Reservations are files that the network's server reads, see {@link StaticLeases}; making one asks libvirt nothing.
 */
public final class LibvirtNetworks implements NetworkDriver {
    private final Hypervisor hypervisor;
    private final NodeRules rules;
    private final Path leaseFiles;
    private final Dnsmasq servers;
    private final Map<String, NetworkSpec> known = new ConcurrentHashMap<>();
    private final Map<String, StaticLeases> leases = new ConcurrentHashMap<>();

    LibvirtNetworks(Hypervisor hypervisor, NodeRules rules, LibvirtSettings settings) {
        this.hypervisor = hypervisor;
        this.rules = rules;
        this.leaseFiles = settings.leaseDirectory();
        this.servers = new Dnsmasq(settings.runDirectory().resolveSibling("network"));
    }

    private Path leaseDirectory(String network) {
        return leaseFiles.resolve(network + ".berth");
    }

    private StaticLeases leases(String network) {
        return leases.computeIfAbsent(
                network, name -> new StaticLeases(name, leaseDirectory(name), () -> servers.reload(name)));
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
                NetworkOpening.ensure(connection, handle, leases(network.name()));
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

    private VirtNetwork create(VirtConnection connection, NetworkSpec network) {
        // What is there is of an earlier network of this name, which somebody else removed.
        forgetLeases(network.name());
        VirtNetwork handle = connection.defineNetwork(NetworkXml.of(network, leases(network.name())));
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
            forgetLeases(network);
            tellRules(connection);
        }));
    }

    private void forgetLeases(String network) {
        leases(network).remove();
        leases.remove(network);
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
        return XmlElement.parse(domainXml).all("interface").stream()
                .anyMatch(nic -> nic.attribute("source", "network").equals(network));
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
    public void reserve(String network, Lease lease) {
        NetworkSpec spec = find(network).or(() -> lookAgain(network)).orElseThrow(() -> missing(network));
        leases(network).reserve(lease, spec.domain());
    }

    private Optional<NetworkSpec> lookAgain(String network) {
        recover();
        return find(network);
    }

    private static BerthException missing(String network) {
        return BerthException.notFound("network", network);
    }

    @Override
    public void release(String network, Lease lease) {
        if (Files.isDirectory(leaseDirectory(network))) {
            leases(network).release(lease.mac());
        }
    }

    @Override
    public List<Lease> reservations(String network) {
        return hypervisor.call(connection -> {
            try (VirtNetwork handle = find(connection, network)) {
                Map<MacAddress, Lease> all = new LinkedHashMap<>();
                NetworkXml.reservations(handle.xml()).forEach(lease -> all.put(lease.mac(), lease));
                leases(network).all().forEach(lease -> all.put(lease.mac(), lease));
                return List.copyOf(all.values());
            }
        });
    }

    private static VirtNetwork find(VirtConnection connection, String network) {
        return connection.network(network).orElseThrow(() -> missing(network));
    }
}
