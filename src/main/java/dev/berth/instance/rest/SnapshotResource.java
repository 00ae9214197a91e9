package dev.berth.instance.rest;

import dev.berth.access.CurrentCaller;
import dev.berth.access.Roles;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.instance.Snapshot;
import dev.berth.instance.Snapshots;
import dev.berth.kernel.ResourceName;
import dev.berth.rest.Accepted;
import dev.berth.rest.ListQuery;
import dev.berth.rest.Page;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Snapshots of an instance, by id or by name. */
@Blocking
@Path("/api/v1/projects/{project}/instances/{instance}/snapshots")
@Tag(name = "instances")
public class SnapshotResource {
    private final Instances instances;
    private final Snapshots snapshots;
    private final CurrentCaller current;
    private final Accepted accepted;

    SnapshotResource(Instances instances, Snapshots snapshots, CurrentCaller current, Accepted accepted) {
        this.instances = instances;
        this.snapshots = snapshots;
        this.current = current;
        this.accepted = accepted;
    }

    /**
     * A snapshot to be taken.
     *
     * @param withMemory whether to keep the memory of a running instance too; false by default
     */
    public record NewSnapshot(ResourceName name, @Nullable Boolean withMemory) {}

    @GET
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "List snapshots, oldest first")
    public Page<Snapshot> list(String project, String instance, @BeanParam ListQuery query) {
        return query.page(snapshots.list(instances.require(project, instance).id()), s -> s.id().toString());
    }

    @POST
    @RolesAllowed(Roles.OPERATOR)
    @Operation(summary = "Take a snapshot")
    public CompletionStage<Response> create(
            String project,
            String instance,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @QueryParam("wait") @Nullable String wait,
            NewSnapshot request) {
        InstanceView found = instances.require(project, instance);
        return accepted.once(
                new Accepted.Once(key, wait, "snapshot " + found.id(), request),
                caller -> snapshots.create(found, request.name(), Boolean.TRUE.equals(request.withMemory()), caller));
    }

    @GET
    @Path("/{snapshot}")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "One snapshot")
    public Snapshot get(String project, String instance, String snapshot) {
        return snapshots.require(instances.require(project, instance).id(), snapshot);
    }

    @POST
    @Path("/{snapshot}/actions/revert")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(summary = "Put the instance back to a snapshot")
    public CompletionStage<Response> revert(
            String project, String instance, String snapshot, @QueryParam("wait") @Nullable String wait) {
        Accepted.wait(wait);
        InstanceView found = instances.require(project, instance);
        return accepted.of(snapshots.revert(found, snapshots.require(found.id(), snapshot), current.get()), wait);
    }

    @DELETE
    @Path("/{snapshot}")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(summary = "Remove a snapshot; the instance keeps its present state")
    public CompletionStage<Response> delete(
            String project, String instance, String snapshot, @QueryParam("wait") @Nullable String wait) {
        Accepted.wait(wait);
        InstanceView found = instances.require(project, instance);
        return accepted.of(snapshots.delete(found, snapshots.require(found.id(), snapshot), current.get()), wait);
    }
}
