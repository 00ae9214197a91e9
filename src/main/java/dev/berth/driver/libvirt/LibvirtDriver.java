package dev.berth.driver.libvirt;

import dev.berth.driver.Capabilities;
import dev.berth.driver.DriverCapability;
import dev.berth.driver.DriverEvent;
import dev.berth.driver.DriverIdentity;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.InstanceDriver;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.ObservedState;
import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StopMode;
import dev.berth.driver.Subscription;
import dev.berth.driver.nft.NodeRules;
import dev.berth.ffi.VirtConnection;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.MacAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** Runs virtual machines through libvirt. The order of work is here; how each part is done is in the classes beside it. */
public final class LibvirtDriver implements InstanceDriver {
    private final Hypervisor hypervisor;
    private final Domains domains;
    private final InstanceEvents events;
    private final LeaseTable leases;
    private final Observer observer;
    private final boolean simulated;
    private final LibvirtNetworks networks;
    private final DomainGuards guards;
    private final PowerButton power;
    private final InstanceStore store;
    private final AfterBoot afterBoot;
    private final LibvirtCapabilities capabilities;

    /**
     * A driver that connects now, or when libvirtd is there.
     *
     * @param rules the node's packet filter, which the networks and all domains are entered in
     */
    public LibvirtDriver(LibvirtSettings settings, NodeRules rules, Clock clock) {
        hypervisor = new Hypervisor(settings.uri(), settings.callTimeout());
        domains = new Domains(hypervisor);
        events = new InstanceEvents(domains);
        leases = new LeaseTable(hypervisor, this::leasesChanged);
        observer = new Observer(domains, leases, settings.runDirectory(), clock);
        networks = new LibvirtNetworks(hypervisor, rules, settings);
        simulated = settings.simulated();
        guards = new DomainGuards(domains, simulated ? null : rules.ports(InstanceKind.VM));
        power = new PowerButton(domains, simulated);
        store = new InstanceStore(settings, domains);
        afterBoot = new AfterBoot(domains, store);
        capabilities = new LibvirtCapabilities(settings, domains, store, afterBoot, clock);
        hypervisor.open(
                (id, event, detail) -> events.happened(id, event, observer),
                () -> events.resync("libvirtd was restarted"));
        leases.start();
    }

    /** The node's networks, over the same connection. */
    public LibvirtNetworks networks() {
        return networks;
    }

    @Override
    public DriverIdentity identify() {
        String version;
        try {
            version = hypervisor.call(VirtConnection::hypervisorVersion);
        } catch (BerthException e) {
            version = "unavailable";
        }
        return new DriverIdentity("libvirt", version);
    }

    @Override
    public Capabilities capabilities() {
        return capabilities.declared();
    }

    @Override
    public void define(InstanceDefinition definition, ProgressSink progress) {
        domains.locked(definition.id(), () -> {
            store.define(definition, progress);
            guards.guard(definition);
        });
    }

    @Override
    public ObservedState start(UUID id) {
        domains.locked(id, () -> {
            guards.guard(id);
            power.start(id);
            guards.started(id);
            afterBoot.started(id);
        });
        return observe(id);
    }

    @Override
    public ObservedState run(InstanceDefinition definition, ProgressSink progress) {
        define(definition, progress);
        return start(definition.id());
    }

    /** Takes no lock: stopping by force must be possible while something else waits for the guest. */
    @Override
    public void stop(UUID id, StopMode mode, Duration timeout) {
        power.stop(id, mode, timeout);
        afterBoot.stopped(id);
    }

    @Override
    public void destroy(UUID id) {
        domains.locked(id, () -> {
            if (domains.exists(id)) {
                power.force(id);
                capabilities.closeConsoles(id);
            }
            store.remove(id);
            guards.forget(id);
        });
    }

    @Override
    public ObservedState observe(UUID id) {
        return observer.observe(id);
    }

    @Override
    public List<ObservedState> observeAll() {
        return observer.observeAll();
    }

    @Override
    public Subscription events(Consumer<DriverEvent> listener) {
        return events.subscribe(listener);
    }

    @Override
    public void recover() {
        List<UUID> found = store.recover();
        guards.recover(found);
        if (!simulated) {
            networks.recover();
        }
        afterBoot.recover(found, this::start);
    }

    @Override
    public <C extends DriverCapability> Optional<C> capability(Class<C> type) {
        return capabilities.find(type);
    }

    private void leasesChanged(Set<MacAddress> macs) {
        domains.owners(macs).forEach(id -> events.changed(id, observer));
    }

    @Override
    public void close() {
        leases.close();
        capabilities.close();
        events.close();
        hypervisor.close();
    }

    /** What long work says at its beginning. */
    static void stage(ProgressSink progress, String stage) {
        progress.report(Progress.stage(stage));
    }
}
