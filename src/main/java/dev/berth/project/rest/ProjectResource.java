package dev.berth.project.rest;

import dev.berth.access.CurrentCaller;
import dev.berth.access.Roles;
import dev.berth.kernel.ResourceName;
import dev.berth.project.Project;
import dev.berth.project.Projects;
import dev.berth.quota.QuotaLedger;
import dev.berth.rest.Etags;
import dev.berth.rest.ListQuery;
import dev.berth.rest.Page;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Projects and what they use. */
@Path("/api/v1/projects")
@Tag(name = "projects")
public class ProjectResource {
    private final Projects projects;
    private final QuotaLedger quota;
    private final CurrentCaller current;

    ProjectResource(Projects projects, QuotaLedger quota, CurrentCaller current) {
        this.projects = projects;
        this.quota = quota;
        this.current = current;
    }

    /** A project to be made. */
    public record NewProject(ResourceName name, @Nullable String description) {}

    /** What to change; absent fields stay. */
    public record ProjectChange(
            @Nullable ResourceName name, @Nullable String description) {}

    @GET
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "List projects")
    public Page<Project> list(@BeanParam ListQuery query) {
        return query.page(projects.list(), project -> project.id().toString());
    }

    @POST
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Make a project")
    public RestResponse<Project> create(NewProject request) {
        String description = request.description() == null ? "" : request.description();
        Project project = projects.create(request.name(), description, current.get());
        return Etags.made("projects", project.id(), project);
    }

    @GET
    @Path("/{project}")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "One project, by id or name")
    public RestResponse<Project> get(String project) {
        return Etags.shown(projects.require(project));
    }

    @GET
    @Path("/{project}/quota")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "What a project may use, uses and has reserved")
    public List<QuotaLedger.Usage> quota(String project) {
        return quota.usage(projects.require(project).id());
    }

    @PATCH
    @Path("/{project}")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Rename or describe a project")
    public RestResponse<Project> change(
            String project, @HeaderParam("If-Match") @Nullable String ifMatch, ProjectChange change) {
        Project found = Etags.seen(ifMatch, projects.require(project));
        return Etags.shown(projects.change(found, change.name(), change.description(), current.get()));
    }

    @DELETE
    @Path("/{project}")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Remove an empty project")
    public void delete(String project, @HeaderParam("If-Match") @Nullable String ifMatch) {
        projects.delete(Etags.seen(ifMatch, projects.require(project)), current.get());
    }
}
