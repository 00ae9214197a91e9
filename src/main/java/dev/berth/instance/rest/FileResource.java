package dev.berth.instance.rest;

import dev.berth.access.CurrentCaller;
import dev.berth.access.Roles;
import dev.berth.driver.FileEntry;
import dev.berth.instance.InstanceAccess;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.kernel.BerthException;
import dev.berth.rest.Download;
import dev.berth.rest.ListQuery;
import dev.berth.rest.Page;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Files inside an instance. Paths are absolute and resolved inside it, whatever links say. */
@Path("/api/v1/projects/{project}/instances/{instance}/files")
@RolesAllowed(Roles.OPERATOR)
@Tag(name = "instances")
public class FileResource {
    private final Instances instances;
    private final InstanceAccess access;
    private final CurrentCaller current;

    FileResource(Instances instances, InstanceAccess access, CurrentCaller current) {
        this.instances = instances;
        this.access = access;
        this.current = current;
    }

    /** A file that was written. */
    public record Written(String path, long size) {}

    /** A directory to be made. */
    public record NewDirectory(String path) {}

    @GET
    @Operation(summary = "What lies in a directory; the entry itself for a file")
    public Page<FileEntry> list(
            String project,
            String instance,
            @QueryParam("path") @DefaultValue("/") String path,
            @BeanParam ListQuery query) {
        return query.page(access.listFiles(instances.require(project, instance), path), FileEntry::path);
    }

    @GET
    @Path("/content")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(summary = "Download a file")
    public Response read(String project, String instance, @QueryParam("path") @DefaultValue("") String path) {
        InstanceView found = instances.require(project, instance);
        String name = path.substring(path.lastIndexOf('/') + 1);
        return Download.of(name, offset -> access.readFile(found, path, offset), () -> {});
    }

    @PUT
    @Path("/content")
    @Consumes(MediaType.WILDCARD)
    @Operation(summary = "Write a file; curl -T FILE does. It is seen when all of it has arrived")
    public Written write(
            String project,
            String instance,
            @QueryParam("path") @DefaultValue("") String path,
            @QueryParam("mode") @Nullable String mode,
            InputStream body)
            throws IOException {
        return new Written(
                path, access.writeFile(instances.require(project, instance), path, mode(mode), body, current.get()));
    }

    private static int mode(@Nullable String text) {
        if (text == null) {
            return 0644;
        }
        if (!text.matches("[0-7]{1,5}")) {
            throw BerthException.invalid("?mode", "mode is an octal number from 0 to 7777, for example 0644.");
        }
        return Integer.parseInt(text, 8);
    }

    @POST
    @APIResponse(responseCode = "204", description = "It is there.")
    @Operation(summary = "Make a directory")
    public void makeDirectory(String project, String instance, NewDirectory request) {
        access.makeDirectory(instances.require(project, instance), request.path(), current.get());
    }

    @DELETE
    @Operation(summary = "Remove a file or an empty directory")
    public void delete(String project, String instance, @QueryParam("path") @DefaultValue("") String path) {
        access.deleteFile(instances.require(project, instance), path, current.get());
    }
}
