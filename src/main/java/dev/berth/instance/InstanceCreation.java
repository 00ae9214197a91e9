package dev.berth.instance;

import dev.berth.access.Caller;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.DiskSpec;
import dev.berth.driver.ImageReference;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.MountSpec;
import dev.berth.driver.OciDetails;
import dev.berth.image.Image;
import dev.berth.image.Images;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.ResourceName;
import dev.berth.kernel.Subject;
import dev.berth.kernel.Uuids;
import dev.berth.node.Nodes;
import dev.berth.operation.OperationRequest;
import dev.berth.operation.OperationView;
import dev.berth.operation.Operations;
import dev.berth.project.Project;
import dev.berth.quota.QuotaLedger;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes instances: name, quota, addresses, volumes and operation are taken in one transaction, or not at all. */
@ApplicationScoped
public class InstanceCreation {
    private final InstanceStore store;
    private final Images images;
    private final Nodes nodes;
    private final InstanceParts parts;
    private final QuotaLedger quota;
    private final Operations operations;
    private final DefinitionRules rules;
    private final CreateInstance createInstance;

    InstanceCreation(
            InstanceStore store,
            Images images,
            Nodes nodes,
            InstanceParts parts,
            QuotaLedger quota,
            Operations operations,
            DefinitionRules rules,
            CreateInstance createInstance) {
        this.store = store;
        this.images = images;
        this.nodes = nodes;
        this.parts = parts;
        this.quota = quota;
        this.operations = operations;
        this.rules = rules;
        this.createInstance = createInstance;
    }

    /**
     * What comes with an instance that is not drawn from its request alone.
     *
     * @param image what the image declares; of a copy nothing, because the original has it
     */
    private record Making(
            List<NewInstance.NewNic> nics,
            OciDetails.@Nullable Config image,
            @Nullable UUID source,
            CreateInstance.@Nullable Pull pull) {}

    @Transactional
    public OperationView create(Project project, NewInstance request, Caller caller) {
        Image image =
                request.image() == null ? null : images.find(request.image()).orElse(null);
        String reference = image == null ? reference(request) : null;
        if (image != null) {
            image.requireReady();
        }
        UUID node = place(request, image);
        List<MountSpec> mounts = parts.volumes().mounts(project.id(), node, request.mounts());
        Image iso = iso(request.iso());
        Blueprint.Context context =
                new Blueprint.Context(project, node, image, iso, mounts, reference != null, clock().instant());
        Instance drawn = Blueprint.draw(request, context, List.of());
        rules.check(drawn, null, caller);
        List<NewInstance.NewNic> nics = Objects.requireNonNullElse(request.nics(), usualNics(drawn));
        if (!nics.isEmpty() && usualNics(drawn).isEmpty()) {
            throw BerthException.invalid("/nics", "Interfaces go with the network mode bridge only.");
        }
        if (nics.size() > DefinitionRules.MOST_NICS) {
            throw BerthException.invalid(
                    "/nics", "An instance has at most " + DefinitionRules.MOST_NICS + " interfaces.");
        }
        OciDetails oci = image == null ? null : image.oci();
        return submit(
                drawn,
                new Making(
                        nics,
                        oci == null ? null : oci.config(),
                        null,
                        reference == null ? null : new CreateInstance.Pull(reference, request)),
                caller);
    }

    private Clock clock() {
        return parts.clock();
    }

    /** One interface in the default network, unless its kind of network has none. */
    private static List<NewInstance.NewNic> usualNics(Instance drawn) {
        boolean bridged = !(drawn.spec() instanceof ContainerSpec container)
                || container.network() == ContainerSpec.NetworkMode.BRIDGE;
        return bridged ? List.of(new NewInstance.NewNic(null, null)) : List.of();
    }

    /** An image that is not there, to be pulled; null without an image, and a refusal if it names none of a registry. */
    private static @Nullable String reference(NewInstance request) {
        String wanted = request.image();
        if (wanted == null) {
            return null;
        }
        boolean container = request.kind() == InstanceKind.CONTAINER;
        boolean remote = request.kind() == null && wanted.matches("[^/:@]+[/:@].*");
        if (!container && !remote) {
            throw BerthException.invalid(
                    "/image", "There is no image '" + wanted + "'; GET /api/v1/images lists those that there are.");
        }
        try {
            ImageReference.parse(wanted);
        } catch (BerthException e) {
            throw e.with("pointer", "/image");
        }
        return wanted;
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
                original.with(draft -> draft.copyAs(wanted.name().value(), disks, wanted.start(), clock().instant()));
        rules.check(copy, null, caller);
        List<NewInstance.NewNic> nics = original.nics().stream()
                .map(nic -> new NewInstance.NewNic(nic.network(), nic.model()))
                .toList();
        return submit(copy, new Making(nics, null, original.id(), null), caller);
    }

    private OperationView submit(Instance drawn, Making making, Caller caller) {
        nodes.requireLink(drawn.node());
        UUID operation = Uuids.next();
        Instance instance = parts.complete(drawn, making.nics(), making.image(), making.source(), operation, caller);
        try {
            return write(instance, making, operation, caller);
        } catch (BerthException e) {
            if (!InstanceStore.isNameTaken(e)) {
                throw e;
            }
            throw BerthException.of(
                            ErrorCode.NAME_TAKEN,
                            "There is an instance '" + instance.name() + "' in the project '" + instance.projectName()
                                    + "' already; choose another name.")
                    .with("pointer", "/name");
        }
    }

    private OperationView write(Instance instance, Making making, UUID operation, Caller caller) {
        store.insert(instance, caller.name());
        boolean volumes = making.pull() != null || hasVolumes(instance);
        if (!volumes && making.source() == null) {
            createInstance.written(instance);
        }
        OperationView submitted = operations.begin(new OperationRequest<>(
                operation,
                createInstance,
                new CreateInstance.Parameters(
                        instance.id(),
                        instance.desiredRunning(),
                        making.source(),
                        caller.name(),
                        making.pull(),
                        volumes ? true : null,
                        instance.kind()),
                instance.project(),
                new Subject("instance", instance.id(), instance.name()),
                instance.queueKey(),
                caller.name()));
        // Last, because all of the project's creates wait for this transaction from here on.
        quota.reserve(operation, instance.project(), instance.amounts());
        return submitted;
    }

    private static boolean hasVolumes(Instance instance) {
        return instance.spec() instanceof ContainerSpec spec
                && spec.mounts().stream().anyMatch(mount -> mount.volume() != null);
    }

    private @Nullable Image iso(@Nullable String name) {
        if (name == null) {
            return null;
        }
        Image image = images.find(name)
                .orElseThrow(() -> BerthException.invalid(
                        "/iso", "There is no image '" + name + "'; GET /api/v1/images lists those that there are."));
        return image.requireReady();
    }

    private UUID place(NewInstance request, @Nullable Image image) {
        String wanted = request.node();
        if (wanted != null) {
            UUID node = nodes.wanted(wanted).id();
            if (image != null && !image.node().equals(node)) {
                throw BerthException.invalid("/image", "That image is in the store of another node.");
            }
            return node;
        }
        UUID node = image == null ? nodes.choose().id() : image.node();
        nodes.requireLink(node);
        return node;
    }
}
