package dev.berth.storage;

import dev.berth.driver.VolumeDriver;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import dev.berth.node.Nodes;
import dev.berth.operation.OperationState;
import dev.berth.operation.OperationType;
import dev.berth.operation.OperationView;
import dev.berth.operation.Step;
import dev.berth.quota.Amounts;
import dev.berth.quota.QuotaLedger;
import dev.berth.quota.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** {@code volume.change}: makes, grows or removes a volume. What fails leaves row, quota and node as they were. */
@ApplicationScoped
class ChangeVolume implements OperationType<ChangeVolume.Parameters> {
    private final VolumeStore store;
    private final Nodes nodes;
    private final QuotaLedger quota;

    ChangeVolume(VolumeStore store, Nodes nodes, QuotaLedger quota) {
        this.store = store;
        this.nodes = nodes;
        this.quota = quota;
    }

    /** What to do with a volume. */
    enum Verb {
        CREATE,
        GROW,
        DELETE
    }

    /**
     * What to do.
     *
     * @param size it has had before
     */
    record Parameters(UUID volume, Verb verb, DataSize size, String actor) {}

    @Override
    public String name() {
        return "volume.change";
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public boolean cancelable() {
        return false;
    }

    @Override
    public List<Step<Parameters>> steps(Parameters parameters) {
        return List.of(
                switch (parameters.verb()) {
                    case CREATE -> Step.of("create", (p, context) -> ensure(p), (p, context) -> remove(p));
                    case GROW -> Step.of("grow", (p, context) -> ensure(p));
                    case DELETE -> Step.of("remove", (p, context) -> remove(p));
                });
    }

    private void ensure(Parameters p) {
        Volume volume = require(p);
        driver(volume).ensureVolume(volume.spec());
    }

    private void remove(Parameters p) {
        Volume volume = require(p);
        driver(volume).removeVolume(volume.id());
    }

    private Volume require(Parameters p) {
        return store.find(p.volume()).orElseThrow(() -> BerthException.notFound("volume", p.volume()));
    }

    private VolumeDriver driver(Volume volume) {
        return nodes.drivers(volume.node()).volumes();
    }

    @Override
    public void finished(Parameters p, OperationView operation) {
        boolean good = operation.state() == OperationState.SUCCEEDED;
        Volume volume = require(p);
        if (good) {
            quota.commit(operation.id());
        } else {
            quota.release(operation.id());
        }
        switch (p.verb()) {
            case CREATE -> {
                if (good) {
                    store.state(volume, Volume.State.READY, p.actor());
                } else {
                    store.delete(volume, p.actor());
                }
            }
            case GROW -> {
                if (!good) {
                    store.size(volume, p.size(), p.actor());
                }
            }
            case DELETE -> {
                if (good) {
                    store.delete(volume, p.actor());
                    quota.free(volume.project(), disk(volume.size().bytes()));
                } else {
                    store.state(volume, Volume.State.READY, p.actor());
                }
            }
        }
    }

    static Amounts disk(long bytes) {
        return new Amounts(Map.of(Resource.DISK, bytes));
    }
}
