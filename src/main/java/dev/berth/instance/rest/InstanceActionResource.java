package dev.berth.instance.rest;

import dev.berth.access.Caller;
import dev.berth.access.Roles;
import dev.berth.driver.DiskSpec;
import dev.berth.instance.InstanceActions;
import dev.berth.instance.InstanceChanges;
import dev.berth.instance.InstanceCreation;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.instance.Power;
import dev.berth.kernel.ResourceName;
import dev.berth.operation.OperationView;
import dev.berth.rest.Accepted;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Actions on an instance. */
@Blocking
@Path("/api/v1/projects/{project}/instances/{instance}/actions")
@RolesAllowed(Roles.OPERATOR)
@Tag(name = "instances")
public class InstanceActionResource {
    private static final int SHUTDOWN_SECONDS = 60;
    private final Instances instances;
    private final InstanceActions actions;
    private final InstanceChanges changes;
    private final InstanceCreation creation;
    private final Accepted accepted;

    InstanceActionResource(
            Instances instances,
            InstanceActions actions,
            InstanceChanges changes,
            InstanceCreation creation,
            Accepted accepted) {
        this.instances = instances;
        this.actions = actions;
        this.changes = changes;
        this.creation = creation;
        this.accepted = accepted;
    }

    /**
     * How to shut down.
     *
     * @param timeout seconds that the guest may take; 60 by default
     * @param force whether to cut the power after that; true by default
     */
    public record PowerRequest(
            @Nullable Integer timeout, @Nullable Boolean force) {}

    /** The image to rebuild from; its own by default. */
    public record RebuildRequest(
            @Nullable String image, @Nullable Boolean start) {}

    /**
     * The copy.
     *
     * @param start whether to start it at once; false by default
     * @param cloneMode {@code full} (default): its disks stand alone; {@code linked}: they share unchanged blocks with the
     *     image that the original was made from
     */
    public record CloneRequest(ResourceName name, @Nullable Boolean start, DiskSpec.@Nullable CloneMode cloneMode) {}

    /**
     * The image that a container's changes become.
     *
     * @param comment kept in the image's history
     */
    public record CommitRequest(ResourceName name, @Nullable String comment) {}

    /** The ISO to put in. */
    public record MediaRequest(String image) {}

    @POST
    @Path("/{verb}")
    @Operation(summary = "start, shutdown, stop, restart, reset, pause or resume")
    public CompletionStage<Response> power(
            String project,
            String instance,
            String verb,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @QueryParam("wait") @Nullable String wait,
            @Nullable PowerRequest request) {
        Power power = Arrays.stream(Power.values())
                .filter(p -> p.name().toLowerCase(Locale.ROOT).equals(verb))
                .findFirst()
                .orElseThrow(NotFoundException::new);
        PowerRequest how = request == null ? new PowerRequest(null, null) : request;
        return act(
                project,
                instance,
                verb,
                key,
                wait,
                how,
                (found, caller) -> actions.power(
                        found,
                        power,
                        Objects.requireNonNullElse(how.timeout(), SHUTDOWN_SECONDS),
                        !Boolean.FALSE.equals(how.force()),
                        caller));
    }

    @POST
    @Path("/rebuild")
    @Operation(summary = "Make the root disk anew from an image, keeping identity and addresses")
    public CompletionStage<Response> rebuild(
            String project,
            String instance,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @QueryParam("wait") @Nullable String wait,
            @Nullable RebuildRequest request) {
        RebuildRequest how = request == null ? new RebuildRequest(null, null) : request;
        return act(
                project,
                instance,
                "rebuild",
                key,
                wait,
                how,
                (found, caller) -> changes.rebuild(found, how.image(), Boolean.TRUE.equals(how.start()), caller));
    }

    @POST
    @Path("/clone")
    @Operation(summary = "Make a copy with a name and addresses of its own")
    public CompletionStage<Response> copy(
            String project,
            String instance,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @QueryParam("wait") @Nullable String wait,
            CloneRequest request) {
        return act(
                project,
                instance,
                "clone",
                key,
                wait,
                request,
                (found, caller) -> creation.cloneOf(
                        found,
                        new InstanceCreation.Copy(
                                request.name(),
                                Objects.requireNonNullElse(request.cloneMode(), DiskSpec.CloneMode.FULL),
                                Boolean.TRUE.equals(request.start())),
                        caller));
    }

    @POST
    @Path("/commit")
    @Operation(summary = "Make an image of a container's changes")
    public CompletionStage<Response> commit(
            String project,
            String instance,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @QueryParam("wait") @Nullable String wait,
            CommitRequest request) {
        return act(
                project,
                instance,
                "commit",
                key,
                wait,
                request,
                (found, caller) -> changes.commit(
                        found, request.name(), Objects.requireNonNullElse(request.comment(), ""), caller));
    }

    @POST
    @Path("/attach-iso")
    @Operation(summary = "Put an ISO image into the optical drive")
    public CompletionStage<Response> attachIso(
            String project,
            String instance,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @QueryParam("wait") @Nullable String wait,
            MediaRequest request) {
        return act(
                project,
                instance,
                "attach-iso",
                key,
                wait,
                request,
                (found, caller) -> changes.changeMedia(found, request.image(), caller));
    }

    @POST
    @Path("/eject-iso")
    @Operation(summary = "Empty the optical drive")
    public CompletionStage<Response> ejectIso(
            String project,
            String instance,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @QueryParam("wait") @Nullable String wait) {
        return act(
                project,
                instance,
                "eject-iso",
                key,
                wait,
                null,
                (found, caller) -> changes.changeMedia(found, null, caller));
    }

    @FunctionalInterface
    private interface Action {
        OperationView submit(InstanceView instance, Caller caller);
    }

    private CompletionStage<Response> act(
            String project,
            String instance,
            String verb,
            @Nullable String key,
            @Nullable String wait,
            @Nullable Object request,
            Action action) {
        InstanceView found = instances.require(project, instance);
        return accepted.once(
                new Accepted.Once(key, wait, verb + " " + found.id(), request), caller -> action.submit(found, caller));
    }
}
