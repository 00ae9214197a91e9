package dev.berth.instance.rest;

import dev.berth.access.CurrentCaller;
import dev.berth.access.Roles;
import dev.berth.instance.InstanceActions;
import dev.berth.instance.InstanceChanges;
import dev.berth.instance.InstanceCreation;
import dev.berth.instance.InstanceQuery;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.instance.NewInstance;
import dev.berth.project.Project;
import dev.berth.project.Projects;
import dev.berth.rest.Accepted;
import dev.berth.rest.Etags;
import dev.berth.rest.ListQuery;
import dev.berth.rest.Page;
import io.smallrye.common.annotation.Blocking;
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
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Instances of a project, by id or by name. */
@Blocking
@Path("/api/v1/projects/{project}/instances")
@Tag(name = "instances")
public class InstanceResource {
    private final Projects projects;
    private final Instances instances;
    private final InstanceCreation creation;
    private final InstanceChanges changes;
    private final InstanceActions actions;
    private final CurrentCaller current;
    private final Accepted accepted;

    InstanceResource(
            Projects projects,
            Instances instances,
            InstanceCreation creation,
            InstanceChanges changes,
            InstanceActions actions,
            CurrentCaller current,
            Accepted accepted) {
        this.projects = projects;
        this.instances = instances;
        this.creation = creation;
        this.changes = changes;
        this.actions = actions;
        this.current = current;
        this.accepted = accepted;
    }

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
    public CompletionStage<Response> create(
            String project,
            NewInstance request,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @QueryParam("wait") @Nullable String wait) {
        Project found = projects.require(project);
        return accepted.once(
                new Accepted.Once(key, wait, "create " + found.id(), request),
                caller -> creation.create(found, request, caller));
    }

    @GET
    @Path("/{instance}")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "One instance")
    public RestResponse<InstanceView> get(String project, String instance) {
        return Etags.shown(instances.require(project, instance));
    }

    @PATCH
    @Path("/{instance}")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(summary = "Rename, resize, grow disks, publish ports, protect")
    public CompletionStage<Response> change(
            String project,
            String instance,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @QueryParam("wait") @Nullable String wait,
            InstanceChanges.Change change) {
        Accepted.wait(wait);
        InstanceView found = Etags.seen(ifMatch, instances.require(project, instance));
        return accepted.of(changes.change(found, change, current.get()), wait);
    }

    @DELETE
    @Path("/{instance}")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(summary = "Remove an instance with its disks and snapshots")
    public CompletionStage<Response> delete(
            String project,
            String instance,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @QueryParam("force") @DefaultValue("false") boolean force,
            @QueryParam("keepVolumes") @DefaultValue("false") boolean keepVolumes,
            @QueryParam("wait") @Nullable String wait) {
        Accepted.wait(wait);
        InstanceView found = instances.require(project, instance);
        if (ifMatch != null) {
            Etags.seen(ifMatch, found);
        }
        return accepted.of(actions.delete(found, force, keepVolumes, current.get()), wait);
    }
}
