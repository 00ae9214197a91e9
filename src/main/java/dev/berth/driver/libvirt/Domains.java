package dev.berth.driver.libvirt;

import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.RunState;
import dev.berth.ffi.VirtConnection;
import dev.berth.ffi.VirtDomain;
import dev.berth.ffi.VirtException;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.MacAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Berth's own domains: found by id, locked one by one, their definitions remembered. Foreign domains do not exist here. */
final class Domains {
    /** {@code VIR_DOMAIN_AFFECT_CONFIG}: the stored definition, not the one of the running guest. */
    private static final int STORED = 2;

    private final Hypervisor hypervisor;
    private final Map<UUID, InstanceDefinition> definitions = new ConcurrentHashMap<>();
    private final Map<UUID, ReentrantLock> locks = new ConcurrentHashMap<>();
    private final Set<UUID> changing = ConcurrentHashMap.newKeySet();

    Domains(Hypervisor hypervisor) {
        this.hypervisor = hypervisor;
    }

    Hypervisor hypervisor() {
        return hypervisor;
    }

    /** Keeps other changes of the same instance out while one is made. */
    void locked(UUID id, Runnable work) {
        answerLocked(id, () -> {
            work.run();
            return true;
        });
    }

    <T> T answerLocked(UUID id, Supplier<T> work) {
        ReentrantLock lock = locks.computeIfAbsent(id, key -> new ReentrantLock());
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** Calls libvirt with a domain's handle; NOT_FOUND when there is none. */
    <T> T with(UUID id, Function<VirtDomain, T> function) {
        return hypervisor.call(connection -> inside(connection, id, function));
    }

    /**
     * Has QEMU do something, which waits for what QEMU does already. A guest with a call that was given up, and that is not
     * answered yet, is refused at once: it would take one more of the places for calls.
     */
    void change(UUID id, Consumer<VirtDomain> function) {
        refuseUnanswered(id);
        hypervisor.run(connection -> changing(connection, id, function));
    }

    /** The same for what may take longer than other calls. */
    void change(UUID id, Duration limit, Consumer<VirtDomain> function) {
        refuseUnanswered(id);
        hypervisor.call(limit, connection -> {
            changing(connection, id, function);
            return true;
        });
    }

    private void refuseUnanswered(UUID id) {
        if (changing.contains(id)) {
            throw BerthException.of(
                    ErrorCode.HYPERVISOR_UNAVAILABLE,
                    "QEMU has not answered an earlier call for this instance. Wait until its disks answer again, or cancel"
                            + " what waits and stop it by force.");
        }
    }

    private void changing(VirtConnection connection, UUID id, Consumer<VirtDomain> function) {
        changing.add(id);
        try {
            inside(connection, id, domain -> {
                function.accept(domain);
                return true;
            });
        } finally {
            changing.remove(id);
        }
    }

    private static <T> T inside(VirtConnection connection, UUID id, Function<VirtDomain, T> function) {
        try (VirtDomain domain = connection.domain(id).orElseThrow(() -> notFound(id))) {
            if (!DomainMetadata.isOurs(domain.name(), id)) {
                throw notFound(id);
            }
            return function.apply(domain);
        } catch (VirtException e) {
            if (e.code() == VirtException.NO_DOMAIN) {
                throw notFound(id);
            }
            throw e;
        }
    }

    static BerthException notFound(UUID id) {
        return BerthException.notFound("instance", id);
    }

    boolean exists(UUID id) {
        try {
            return with(id, domain -> true);
        } catch (BerthException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    void define(InstanceDefinition definition, String xml, int flags) {
        hypervisor.run(connection -> connection.define(xml, flags).close());
        definitions.put(definition.id(), definition);
    }

    /** The definition that the domain was made from. */
    InstanceDefinition definition(UUID id) {
        InstanceDefinition known = definitions.get(id);
        if (known != null) {
            return known;
        }
        InstanceDefinition read = with(id, Domains::read)
                .orElseThrow(() -> BerthException.of(
                        ErrorCode.DRIVER_FAILED, "The domain has lost its definition; define the instance anew."));
        definitions.putIfAbsent(id, read);
        return read;
    }

    private static Optional<InstanceDefinition> read(VirtDomain domain) {
        return domain.metadata(DomainMetadata.NAMESPACE, STORED).map(DomainMetadata::read);
    }

    /** The instances that interfaces belong to. */
    List<UUID> owners(Set<MacAddress> macs) {
        return definitions.values().stream()
                .filter(definition -> definition.nics().stream().anyMatch(nic -> macs.contains(nic.mac())))
                .map(InstanceDefinition::id)
                .toList();
    }

    boolean isKnown(UUID id) {
        return definitions.containsKey(id);
    }

    void forget(UUID id) {
        definitions.remove(id);
    }

    RunState state(UUID id) {
        return DomainStates.runState(with(id, VirtDomain::state));
    }

    /** WRONG_STATE unless the instance is in one of these states. */
    void require(UUID id, Set<RunState> allowed, String otherwise) {
        RunState state = state(id);
        if (!allowed.contains(state)) {
            throw BerthException.of(ErrorCode.WRONG_STATE, otherwise).with("state", state.name());
        }
    }

    /** States of all domains of Berth, and their definitions into the cache, in one call. */
    Map<UUID, VirtDomain.State> states() {
        return hypervisor.call(connection -> {
            Map<UUID, VirtDomain.State> states = new HashMap<>();
            for (VirtDomain domain : connection.domains()) {
                try (domain) {
                    UUID id = domain.uuid();
                    if (DomainMetadata.isOurs(domain.name(), id)) {
                        states.put(id, domain.state());
                        learn(id, domain);
                    }
                } catch (VirtException e) {
                    if (e.code() != VirtException.NO_DOMAIN) {
                        throw e;
                    }
                }
            }
            return states;
        });
    }

    private void learn(UUID id, VirtDomain domain) {
        if (!definitions.containsKey(id)) {
            read(domain).ifPresent(definition -> definitions.putIfAbsent(id, definition));
        }
    }
}
