package dev.berth.operation.rest;

import dev.berth.access.CurrentCaller;
import dev.berth.access.Roles;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.Uuids;
import dev.berth.operation.LogLine;
import dev.berth.operation.OperationFilter;
import dev.berth.operation.OperationView;
import dev.berth.operation.Operations;
import dev.berth.rest.Accepted;
import dev.berth.rest.ListQuery;
import dev.berth.rest.Page;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Long work: what runs, what has ended, and why. */
@Blocking
@Path("/api/v1/operations")
@Tag(name = "operations")
public class OperationResource {
    private final Operations operations;
    private final CurrentCaller current;

    OperationResource(Operations operations, CurrentCaller current) {
        this.operations = operations;
        this.current = current;
    }

    @GET
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "List operations, newest first")
    public Page<OperationView> list(
            @BeanParam ListQuery query,
            @QueryParam("project") @Nullable UUID project,
            @QueryParam("subject") @Nullable UUID subject,
            @QueryParam("active") @Nullable Boolean active) {
        String after = query.after();
        UUID before = after == null
                ? null
                : Uuids.parse(after)
                        .orElseThrow(() -> BerthException.invalid("?after", "The page marker is not known."));
        List<OperationView> found =
                operations.list(new OperationFilter(project, subject, active, before, query.limit() + 1));
        boolean more = found.size() > query.limit();
        List<OperationView> items = more ? found.subList(0, query.limit()) : found;
        return new Page<>(items, more ? items.getLast().id().toString() : null);
    }

    @GET
    @Path("/{id}")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "One operation; with ?wait=30s not before it has ended or the time is over")
    public CompletionStage<OperationView> get(UUID id, @QueryParam("wait") @Nullable String wait) {
        return operations.ended(id, Accepted.wait(wait));
    }

    @GET
    @Path("/{id}/log")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "Log lines of an operation, oldest first")
    public List<LogLine> log(UUID id) {
        if (operations.find(id).isEmpty()) {
            throw BerthException.notFound("operation", id);
        }
        return operations.log(id);
    }

    @POST
    @Path("/{id}/actions/cancel")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(summary = "Ask an operation to end; what it did is undone")
    public OperationView cancel(UUID id) {
        return operations.cancel(id);
    }

    @POST
    @Path("/{id}/actions/give-up")
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            summary = "End an operation that cannot be undone, or that only another version knows; what it did stays")
    public OperationView giveUp(UUID id) {
        return operations.giveUp(id, current.get().name());
    }
}
