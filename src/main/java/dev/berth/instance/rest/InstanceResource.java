package dev.berth.instance.rest;

import dev.berth.access.Caller;
import dev.berth.access.CurrentCaller;
import dev.berth.access.Roles;
import dev.berth.instance.InstanceActions;
import dev.berth.instance.InstanceChanges;
import dev.berth.instance.InstanceCreation;
import dev.berth.instance.InstanceQuery;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.instance.NewInstance;
import dev.berth.operation.OperationView;
import dev.berth.project.Project;
import dev.berth.project.Projects;
import dev.berth.rest.Accepted;
import dev.berth.rest.Etags;
import dev.berth.rest.Idempotency;
import dev.berth.rest.ListQuery;
import dev.berth.rest.Page;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Instances of a project, by id or by name. */
@Path("/api/v1/projects/{project}/instances")
@Tag(name = "instances")
public class InstanceResource {
    private final Projects projects;
    private final Instances instances;
    private final InstanceCreation creation;
    private final InstanceChanges changes;
    private final InstanceActions actions;
    private final CurrentCaller current;
    private final Idempotency idempotency;
    private final Accepted accepted;

    InstanceResource(
            Projects projects,
            Instances instances,
            InstanceCreation creation,
            InstanceChanges changes,
            InstanceActions actions,
            CurrentCaller current,
            Idempotency idempotency,
            Accepted accepted) {
        this.projects = projects;
        this.instances = instances;
        this.creation = creation;
        this.changes = changes;
        this.actions = actions;
        this.current = current;
        this.idempotency = idempotency;
        this.accepted = accepted;
    }

    /** What an idempotency key stands for. */
    private record Keyed(String project, Object request) {}

    @GET
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "List instances of a project", description = "filter=state=running name~web cpus>=2")
    public Page<InstanceView> list(
            String project,
            @BeanParam ListQuery query,
            @QueryParam("filter") @DefaultValue("") String filter,
            @QueryParam("sort") @DefaultValue("name") String sort) {
        Project found = projects.require(project);
        return page(InstanceQuery.of(found.id(), filter, sort, query.after(), query.limit() + 1), query.limit());
    }

    private Page<InstanceView> page(InstanceQuery query, int limit) {
        List<InstanceView> found = instances.list(query);
        boolean more = found.size() > limit;
        List<InstanceView> items = more ? found.subList(0, limit) : found;
        return new Page<>(items, more ? query.next(items.getLast()) : null);
    }

    @POST
    @RolesAllowed(Roles.OPERATOR)
    @Operation(summary = "Make an instance")
    public Response create(
            String project,
            NewInstance request,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @QueryParam("wait") @Nullable String wait) {
        Accepted.wait(wait);
        Caller caller = current.get();
        Project found = projects.require(project);
        OperationView operation = idempotency.once(
                caller, key, new Keyed("create " + found.id(), request), () -> creation.create(found, request, caller));
        return accepted.of(operation, wait);
    }

    @GET
    @Path("/{instance}")
    @RolesAllowed(Roles.VIEWER)
    @APIResponse(
            responseCode = "200",
            description = "As it is now.",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = InstanceView.class)))
    @Operation(summary = "One instance")
    public Response get(String project, String instance) {
        InstanceView found = find(project, instance);
        return Etags.tagged(Response.ok(found), found.version()).build();
    }

    @PATCH
    @Path("/{instance}")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(summary = "Rename, resize, grow disks, publish ports, protect")
    public Response change(
            String project,
            String instance,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @QueryParam("wait") @Nullable String wait,
            InstanceChanges.Change change) {
        Accepted.wait(wait);
        InstanceView found = find(project, instance);
        Etags.check(ifMatch, found.version());
        return accepted.of(changes.change(found, change, current.get()), wait);
    }

    @DELETE
    @Path("/{instance}")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(summary = "Remove an instance with its disks and snapshots")
    public Response delete(
            String project,
            String instance,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @QueryParam("force") @DefaultValue("false") boolean force,
            @QueryParam("keepVolumes") @DefaultValue("false") boolean keepVolumes,
            @QueryParam("wait") @Nullable String wait) {
        Accepted.wait(wait);
        InstanceView found = find(project, instance);
        if (ifMatch != null) {
            Etags.check(ifMatch, found.version());
        }
        return accepted.of(actions.delete(found, force, keepVolumes, current.get()), wait);
    }

    private InstanceView find(String project, String instance) {
        return instances.require(projects.require(project).id(), instance);
    }
}
