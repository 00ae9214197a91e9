package dev.berth.instance;

import dev.berth.access.Caller;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.DiskSpec;
import dev.berth.driver.NicSpec;
import dev.berth.image.Image;
import dev.berth.image.Images;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.MacAddress;
import dev.berth.kernel.ResourceName;
import dev.berth.kernel.Subject;
import dev.berth.kernel.Uuids;
import dev.berth.network.Network;
import dev.berth.network.Networks;
import dev.berth.node.Nodes;
import dev.berth.operation.OperationRequest;
import dev.berth.operation.OperationView;
import dev.berth.operation.Operations;
import dev.berth.project.Project;
import dev.berth.quota.QuotaLedger;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes instances: name, quota, addresses and operation are taken in one transaction, or not at all. */
@ApplicationScoped
public class InstanceCreation {
    private final InstanceStore store;
    private final Images images;
    private final Nodes nodes;
    private final Networks networks;
    private final QuotaLedger quota;
    private final Operations operations;
    private final DefinitionRules rules;
    private final CreateInstance createInstance;
    private final Clock clock;

    InstanceCreation(
            InstanceStore store,
            Images images,
            Nodes nodes,
            Networks networks,
            QuotaLedger quota,
            Operations operations,
            DefinitionRules rules,
            CreateInstance createInstance,
            Clock clock) {
        this.store = store;
        this.images = images;
        this.nodes = nodes;
        this.networks = networks;
        this.quota = quota;
        this.operations = operations;
        this.rules = rules;
        this.createInstance = createInstance;
        this.clock = clock;
    }

    @Transactional
    public OperationView create(Project project, NewInstance request, Caller caller) {
        Image image = ready("/image", request.image());
        Image iso = ready("/iso", request.iso());
        UUID node = place(request, image);
        Blueprint.Context context = new Blueprint.Context(project, node, image, iso, List.of(), clock.instant());
        Instance drawn = Blueprint.draw(request, context, List.of());
        rules.check(drawn, null, caller);
        List<NewInstance.NewNic> nics = Objects.requireNonNullElse(request.nics(), usualNics(drawn));
        if (nics.size() > DefinitionRules.MOST_NICS) {
            throw BerthException.invalid(
                    "/nics", "An instance has at most " + DefinitionRules.MOST_NICS + " interfaces.");
        }
        return submit(drawn, nics, null, drawn.desiredRunning(), caller);
    }

    /** One interface in the default network, unless its kind of network has none. */
    private static List<NewInstance.NewNic> usualNics(Instance drawn) {
        boolean bridged = !(drawn.spec() instanceof ContainerSpec container)
                || container.network() == ContainerSpec.NetworkMode.BRIDGE;
        return bridged ? List.of(new NewInstance.NewNic(null, null)) : List.of();
    }

    /**
     * How to copy an instance.
     *
     * @param mode whether disks go on sharing unchanged blocks with their image, or stand alone
     */
    public record Copy(ResourceName name, DiskSpec.CloneMode mode, boolean start) {}

    /** Makes a copy with an identity and addresses of its own; the source has to be stopped. */
    @Transactional
    public OperationView cloneOf(InstanceView source, Copy wanted, Caller caller) {
        Instance original = store.lock(source.id()).orElseThrow(() -> BerthException.notFound("instance", source.id()));
        Changeable.check(source);
        Changeable.checkStopped(source, "clone");
        List<DiskSpec> disks = original.disks().stream()
                .map(d -> new DiskSpec(Uuids.next(), d.name(), d.device(), d.size(), d.image(), wanted.mode(), d.bus()))
                .toList();
        Instance copy =
                original.with(draft -> draft.copyAs(wanted.name().value(), disks, wanted.start(), clock.instant()));
        rules.check(copy, null, caller);
        List<NewInstance.NewNic> nics = original.nics().stream()
                .map(nic -> new NewInstance.NewNic(nic.network(), nic.model()))
                .toList();
        return submit(copy, nics, original.id(), wanted.start(), caller);
    }

    private OperationView submit(
            Instance drawn, List<NewInstance.NewNic> nics, @Nullable UUID source, boolean start, Caller caller) {
        Instance instance = drawn.with(draft -> draft.nics = interfaces(drawn.id(), drawn.node(), nics));
        UUID operation = Uuids.next();
        quota.reserve(operation, instance.project(), instance.amounts());
        if (!store.insert(instance, caller.name())) {
            throw BerthException.of(
                            ErrorCode.NAME_TAKEN,
                            "There is an instance '" + instance.name() + "' in the project '" + instance.projectName()
                                    + "' already; choose another name.")
                    .with("pointer", "/name");
        }
        return operations.submit(new OperationRequest<>(
                operation,
                createInstance,
                new CreateInstance.Parameters(instance.id(), start, source, caller.name()),
                instance.project(),
                new Subject("instance", instance.id(), instance.name()),
                instance.queueKey(),
                caller.name()));
    }

    private List<NicSpec> interfaces(UUID instance, UUID node, List<NewInstance.NewNic> requested) {
        List<NicSpec> nics = new ArrayList<>();
        for (NewInstance.NewNic nic : requested) {
            String wanted = Objects.requireNonNullElse(nic.network(), "");
            String pointer = "/nics/" + nics.size() + "/network";
            Network network = networks.find(node, wanted)
                    .orElseThrow(() -> BerthException.invalid(pointer, "There is no network '" + wanted + "'."));
            UUID id = Uuids.next();
            MacAddress mac = networks.newMac(network);
            nics.add(new NicSpec(
                    id,
                    network.name(),
                    mac,
                    networks.allocate(network, instance, id, mac),
                    Objects.requireNonNullElse(nic.model(), NicSpec.Model.VIRTIO)));
        }
        return nics;
    }

    /** Images are referred to in a body, so an unknown one is a bad value and not a missing page. */
    private @Nullable Image ready(String pointer, @Nullable String name) {
        if (name == null) {
            return null;
        }
        Image image = images.find(name)
                .orElseThrow(() -> BerthException.invalid(
                        pointer, "There is no image '" + name + "'; GET /api/v1/images lists those that there are."));
        return images.requireReady(image.id().toString());
    }

    private UUID place(NewInstance request, @Nullable Image image) {
        String wanted = request.node();
        if (wanted != null) {
            UUID node = nodes.find(wanted)
                    .orElseThrow(() -> BerthException.invalid("/node", "There is no node '" + wanted + "'."))
                    .id();
            if (image != null && !image.node().equals(node)) {
                throw BerthException.invalid("/image", "That image is in the store of another node.");
            }
            return node;
        }
        return image == null ? nodes.choose().id() : image.node();
    }
}
