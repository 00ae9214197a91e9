package dev.berth.instance.rest;

import dev.berth.access.Roles;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.instance.Rates;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** How busy an instance was. */
@Path("/api/v1/projects/{project}/instances/{instance}/metrics")
@RolesAllowed(Roles.VIEWER)
@Tag(name = "instances")
public class MetricsResource {
    private final Instances instances;
    private final Rates rates;

    MetricsResource(Instances instances, Rates rates) {
        this.instances = instances;
        this.rates = rates;
    }

    @GET
    @Operation(summary = "Rates of the last quarter of an hour, oldest first")
    public List<InstanceView.Usage> metrics(String project, String instance) {
        return rates.history(instances.require(project, instance).id());
    }
}
