package dev.berth.instance.rest;

import dev.berth.access.Roles;
import dev.berth.instance.Instances;
import dev.berth.project.Projects;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What an instance said on its serial port. */
@Path("/api/v1/projects/{project}/instances/{instance}/log")
@RolesAllowed(Roles.VIEWER)
@Tag(name = "instances")
public class LogResource {
    private final Projects projects;
    private final Instances instances;

    LogResource(Projects projects, Instances instances) {
        this.projects = projects;
        this.instances = instances;
    }

    @GET
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(summary = "The end of an instance's serial log")
    public byte[] log(String project, String instance, @QueryParam("bytes") @DefaultValue("65536") int bytes) {
        return instances.log(
                instances.require(projects.require(project).id(), instance).id(), bytes);
    }
}
