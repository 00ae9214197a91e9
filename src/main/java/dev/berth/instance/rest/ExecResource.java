package dev.berth.instance.rest;

import dev.berth.access.Caller;
import dev.berth.access.CurrentCaller;
import dev.berth.access.Roles;
import dev.berth.driver.ExecResult;
import dev.berth.driver.ExecSpec;
import dev.berth.driver.Processes;
import dev.berth.instance.Environment;
import dev.berth.instance.InstanceAccess;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.kernel.Threads;
import dev.berth.rest.ListQuery;
import dev.berth.rest.Page;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Commands and processes inside an instance. */
@Blocking
@Path("/api/v1/projects/{project}/instances/{instance}")
@Tag(name = "instances")
public class ExecResource {
    private static final int USUAL_SECONDS = 60;
    private final ExecutorService commands = Threads.shared(Threads.daemons("exec"));
    private final Instances instances;
    private final InstanceAccess access;
    private final CurrentCaller current;

    ExecResource(Instances instances, InstanceAccess access, CurrentCaller current) {
        this.instances = instances;
        this.access = access;
        this.current = current;
    }

    /**
     * A command to run.
     *
     * @param command program and arguments; no shell reads them
     * @param env beside the container's own; an object, or a list of NAME=value
     * @param user {@code user[:group]}; that of the container's process by default
     * @param stdin what it reads; nothing by default
     * @param timeout seconds after which it is killed, 1 to 600; 60 by default
     */
    public record ExecRequest(
            List<String> command,
            @Nullable Environment env,
            @Nullable String user,
            @Nullable String workingDirectory,
            @Nullable String stdin,
            @Nullable Integer timeout) {}

    @PreDestroy
    void close() {
        commands.shutdownNow();
    }

    @POST
    @Path("/exec")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(
            summary = "Run a command to its end",
            description = "Answers when it has ended; a console of type shell is for talking.")
    public CompletionStage<ExecResult> exec(String project, String instance, ExecRequest request) {
        ExecSpec spec = new ExecSpec(
                request.command(),
                Objects.requireNonNullElse(request.env(), Environment.NONE).lines(),
                request.user(),
                request.workingDirectory(),
                false);
        InstanceView found = instances.require(project, instance);
        String stdin = Objects.requireNonNullElse(request.stdin(), "");
        int seconds = Objects.requireNonNullElse(request.timeout(), USUAL_SECONDS);
        Caller caller = current.get();
        // Commands that take minutes may not use up the threads that serve requests.
        return CompletableFuture.supplyAsync(() -> access.exec(found, spec, stdin, seconds, caller), commands);
    }

    @GET
    @Path("/processes")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(summary = "Processes of a running instance")
    public Page<Processes.Entry> processes(String project, String instance, @BeanParam ListQuery query) {
        return query.page(
                access.processes(instances.require(project, instance)), entry -> Integer.toString(entry.pid()));
    }
}
