package dev.berth.instance;

import dev.berth.driver.InstanceDriver;
import dev.berth.driver.Lease;
import dev.berth.driver.NetworkDriver;
import dev.berth.driver.NicSpec;
import dev.berth.driver.ObservedState;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Ipv4;
import dev.berth.kernel.Threads;
import dev.berth.network.Networks;
import dev.berth.node.Nodes;
import dev.berth.operation.StepContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** The building blocks of operations on instances; each is idempotent. */
@ApplicationScoped
class InstanceSteps {
    private final InstanceStore store;
    private final Nodes nodes;
    private final Networks networks;
    private final StateReporter reporter;

    InstanceSteps(InstanceStore store, Nodes nodes, Networks networks, StateReporter reporter) {
        this.store = store;
        this.nodes = nodes;
        this.networks = networks;
        this.reporter = reporter;
    }

    Instance require(UUID id) {
        return store.find(id).orElseThrow(() -> BerthException.notFound("instance", id));
    }

    InstanceDriver driver(Instance instance) {
        return nodes.drivers(instance.node()).instances(instance.kind());
    }

    /** Tells the node's DHCP server which addresses the instance gets. */
    void reserveLeases(UUID id) {
        Instance instance = require(id);
        reserve(instance, networks.reservations(id, instance.name(), instance.projectName()));
    }

    private void reserve(Instance instance, List<Networks.Reservation> leases) {
        NetworkDriver driver = nodes.drivers(instance.node()).networks();
        try {
            leases.forEach(lease -> networks.reserve(instance.node(), driver, lease));
        } catch (BerthException e) {
            if (e.code() == ErrorCode.IN_USE) {
                networks.noteForeign(instance.node(), driver); // the next attempt gets another address
            }
            throw e;
        }
    }

    void releaseLeases(UUID id) {
        store.find(id).ifPresent(instance -> networks.reservations(id, instance.name(), instance.projectName())
                .forEach(r -> nodes.drivers(instance.node()).networks().release(r.network(), r.lease())));
    }

    /** Reserves the instance's leases while it is made on its node; when this fails, neither goes on. */
    void make(UUID id, Consumer<Instance> making) {
        make(require(id), making);
    }

    /** The same for one that is known as it is. */
    void make(Instance instance, Consumer<Instance> making) {
        Threads.together(() -> reserve(instance, leases(instance)), () -> making.accept(instance));
    }

    /** The leases of interfaces that have not changed since they were given their addresses. */
    private static List<Networks.Reservation> leases(Instance instance) {
        List<Networks.Reservation> list = new ArrayList<>();
        for (NicSpec nic : instance.nics()) {
            Ipv4 address = nic.address();
            if (address != null) {
                Lease lease = new Lease(nic.mac(), address, instance.name(), instance.projectName());
                list.add(new Networks.Reservation(nic.network(), lease));
            }
        }
        return list;
    }

    /** Takes back what {@link #make} did. */
    void unmake(UUID id) {
        destroy(id);
        releaseLeases(id);
    }

    void define(UUID id, StepContext context) {
        define(require(id), context);
    }

    void define(Instance instance, StepContext context) {
        driver(instance).define(instance.definition(), context.progress());
    }

    /** Defines an instance and starts it; what the node sees then is written down with the end of the operation. */
    void run(Instance instance, StepContext context) {
        ObservedState seen = driver(instance).run(instance.definition(), context.progress());
        context.atEnd(() -> reporter.write(seen));
    }

    void destroy(UUID id) {
        store.find(id).ifPresent(instance -> driver(instance).destroy(id));
    }

    /** Starts an instance, and writes down what the node sees then with the end of the operation. */
    void start(UUID id, StepContext context) {
        start(require(id), context);
    }

    void start(Instance instance, StepContext context) {
        ObservedState seen = driver(instance).start(instance.id());
        context.atEnd(() -> reporter.write(seen));
    }

    /** Writes down what the node sees, so that the end of an operation and the shown state come together. */
    void look(UUID id) {
        look(require(id));
    }

    private void look(Instance instance) {
        try {
            reporter.record(driver(instance).observe(instance.id()));
        } catch (BerthException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
        }
    }
}
