package dev.berth.driver.libvirt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.driver.NodeFailures;
import dev.berth.ffi.VirtDomain;
import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Internal snapshots in the disks of a running QEMU, by QMP: libvirt takes them only together with memory, and not at all
 * for UEFI guests.
 */
record BlockNodes(VirtDomain domain) {
    /** Takes one snapshot in all these disks at the same moment. */
    void takeSnapshot(List<Path> disks, String name) {
        if (disks.isEmpty()) {
            return;
        }
        ObjectNode arguments = BerthJson.mapper().createObjectNode();
        ArrayNode actions = arguments.putArray("actions");
        for (String node : nodes(disks)) {
            ObjectNode action = actions.addObject();
            action.put("type", "blockdev-snapshot-internal-sync");
            action.putObject("data").put("device", node).put("name", name);
        }
        execute("transaction", arguments);
    }

    void deleteSnapshot(Path disk, String name) {
        ObjectNode arguments = BerthJson.mapper().createObjectNode();
        arguments.put("device", nodes(List.of(disk)).getFirst()).put("name", name);
        execute("blockdev-snapshot-delete-internal-sync", arguments);
    }

    private List<String> nodes(List<Path> disks) {
        JsonNode all = execute(
                "query-named-block-nodes", BerthJson.mapper().createObjectNode().put("flat", true));
        List<String> names = new ArrayList<>();
        for (Path disk : disks) {
            String name = "";
            for (JsonNode node : all) {
                if (node.path("drv").asText().equals("qcow2")
                        && node.path("file").asText().equals(disk.toString())) {
                    name = node.path("node-name").asText();
                }
            }
            if (name.isEmpty()) {
                throw BerthException.of(
                        ErrorCode.WRONG_STATE,
                        "The running instance does not have all its disks yet; restart it first.");
            }
            names.add(name);
        }
        return names;
    }

    private JsonNode execute(String command, ObjectNode arguments) {
        ObjectNode request = BerthJson.mapper().createObjectNode();
        request.put("execute", command);
        request.set("arguments", arguments);
        try {
            JsonNode answer = BerthJson.mapper().readTree(domain.monitor(request.toString()));
            if (answer.has("error")) {
                String reason = answer.path("error").path("desc").asText();
                throw BerthException.of(
                        NodeFailures.outOfSpace(reason) ? ErrorCode.OUT_OF_SPACE : ErrorCode.DRIVER_FAILED,
                        "QEMU refused " + command + ": " + NodeFailures.shorten(reason));
            }
            return answer.path("return");
        } catch (JsonProcessingException e) {
            throw BerthException.of(
                    ErrorCode.DRIVER_FAILED, "QEMU's monitor answered with something else than JSON.", e);
        }
    }
}
