package dev.berth.instance;

import dev.berth.driver.InstanceDriver;
import dev.berth.driver.NetworkDriver;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.network.Networks;
import dev.berth.node.Nodes;
import dev.berth.operation.StepContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

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
        NetworkDriver driver = nodes.drivers(instance.node()).networks();
        try {
            networks.reservations(id, instance.name(), instance.projectName())
                    .forEach(r -> networks.reserve(instance.node(), driver, r));
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

    void define(UUID id, StepContext context) {
        Instance instance = require(id);
        driver(instance).define(instance.definition(), context.progress());
    }

    void destroy(UUID id) {
        store.find(id).ifPresent(instance -> driver(instance).destroy(id));
    }

    /** Starts an instance, and writes down what the node sees then. */
    void start(UUID id) {
        reporter.record(driver(require(id)).start(id));
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
