package dev.berth.storage.rest;

import dev.berth.access.CurrentCaller;
import dev.berth.access.Roles;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ResourceName;
import dev.berth.project.Project;
import dev.berth.project.Projects;
import dev.berth.rest.Accepted;
import dev.berth.rest.Etags;
import dev.berth.rest.ListQuery;
import dev.berth.rest.Page;
import dev.berth.storage.Volume;
import dev.berth.storage.VolumeView;
import dev.berth.storage.Volumes;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Volumes of a project, by id or by name. */
@Blocking
@Path("/api/v1/projects/{project}/volumes")
@Tag(name = "volumes")
public class VolumeResource {
    private final Projects projects;
    private final Volumes volumes;
    private final CurrentCaller current;
    private final Accepted accepted;

    VolumeResource(Projects projects, Volumes volumes, CurrentCaller current, Accepted accepted) {
        this.projects = projects;
        this.volumes = volumes;
        this.current = current;
        this.accepted = accepted;
    }

    /**
     * A volume to be made.
     *
     * @param size bytes, the hard limit; 10 GiB unless the installation says otherwise
     * @param node where; any by default
     */
    public record NewVolume(
            ResourceName name,
            @Nullable DataSize size,
            @Nullable String node) {}

    /** The larger size of a volume, in bytes. */
    public record VolumeChange(DataSize size) {}

    @GET
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "List volumes of a project")
    public Page<Volume> list(String project, @BeanParam ListQuery query) {
        return query.page(volumes.list(projects.require(project).id()), volume -> volume.id()
                .toString());
    }

    @POST
    @RolesAllowed(Roles.OPERATOR)
    @Operation(summary = "Make a volume")
    public CompletionStage<Response> create(
            String project,
            NewVolume request,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @QueryParam("wait") @Nullable String wait) {
        Project found = projects.require(project);
        return accepted.once(
                new Accepted.Once(key, wait, "volume " + found.id(), request),
                caller -> volumes.create(found, request.name(), request.size(), request.node(), caller));
    }

    @GET
    @Path("/{volume}")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "One volume, with what is in it and who has it")
    public RestResponse<VolumeView> get(String project, String volume) {
        return Etags.shown(volumes.show(find(project, volume)));
    }

    @PATCH
    @Path("/{volume}")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(summary = "Make a volume larger")
    public CompletionStage<Response> grow(
            String project,
            String volume,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @QueryParam("wait") @Nullable String wait,
            VolumeChange change) {
        Accepted.wait(wait);
        Volume found = Etags.seen(ifMatch, find(project, volume));
        return accepted.of(volumes.grow(found, change.size(), current.get()), wait);
    }

    @DELETE
    @Path("/{volume}")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(summary = "Remove a volume that no instance has, with what is in it")
    public CompletionStage<Response> delete(
            String project,
            String volume,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @QueryParam("wait") @Nullable String wait) {
        Accepted.wait(wait);
        Volume found = Etags.seen(ifMatch, find(project, volume));
        return accepted.of(volumes.delete(found, current.get()), wait);
    }

    private Volume find(String project, String volume) {
        return volumes.require(projects.require(project).id(), volume);
    }
}
