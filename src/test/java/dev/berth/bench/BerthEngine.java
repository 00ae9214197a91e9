package dev.berth.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.installation.Api;
import java.nio.file.Path;

/** Berth by its REST API; each call ends when its operation has ended. */
final class BerthEngine implements Engine {
    private static final String INSTANCES = "/api/v1/projects/default/instances";
    private final Api api;
    private final Path data;

    BerthEngine(Api api, Path data) {
        this.api = api;
        this.data = data;
    }

    @Override
    public String label() {
        return "berth";
    }

    @Override
    public void prepare(BoxImage image) {
        pull("box", image.reference());
    }

    private void pull(String name, String reference) {
        succeeded(api.post(
                "/api/v1/images?wait=120s", "{\"name\":\"" + name + "\",\"reference\":\"" + reference + "\"}"));
    }

    @Override
    public void run(String name) {
        succeeded(api.post(
                INSTANCES + "?wait=60s",
                "{\"name\":\"" + name
                        + "\",\"kind\":\"container\",\"image\":\"box\",\"memory\":134217728,\"start\":true}"));
    }

    @Override
    public void exec(String name) {
        JsonNode ran = api.post(INSTANCES + "/" + name + "/exec", "{\"command\":[\"true\"]}")
                .ok();
        if (ran.path("exitCode").asInt(-1) != 0) {
            throw new AssertionError(ran.toPrettyString());
        }
    }

    @Override
    public void remove(String name) {
        succeeded(api.delete(INSTANCES + "/" + name + "?force=true&wait=60s"));
    }

    @Override
    public boolean pull(String reference) {
        pull("big", reference);
        return true;
    }

    @Override
    public Path data() {
        return data;
    }

    @Override
    public String supervisor() {
        return "berth-launch";
    }

    private static void succeeded(Api.Answer answer) {
        JsonNode operation = answer.ok();
        if (!operation.path("state").asText().equals("succeeded")) {
            throw new AssertionError(operation.toPrettyString());
        }
    }
}
