package dev.berth.driver.libvirt;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.NodeFailures;
import dev.berth.driver.VmSpec.CloudInit;
import dev.berth.json.BerthJson;
import dev.berth.kernel.Revert;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The NoCloud seed of an instance: an ISO with {@code meta-data}, {@code user-data} and {@code network-config}.
 *
 * <p>What Berth writes itself is JSON, which is YAML too, so no value can break out of its place. The instance id in the
 * seed is the instance's own, so cloud-init does its first-boot work once for each disk made from an image.
 */
final class SeedIso {
    private SeedIso() {}

    /** Writes the seed, or removes it when the definition has none. */
    static void write(InstanceFiles files, InstanceDefinition definition, @Nullable CloudInit cloudInit) {
        if (cloudInit == null) {
            Trees.delete(files.seed());
            return;
        }
        Path staging = InstanceFiles.partial(files.directory().resolve("seed"));
        Path part = InstanceFiles.partial(files.seed());
        try (Revert cleanup = new Revert()) {
            cleanup.add(() -> Trees.delete(staging));
            cleanup.add(() -> Trees.delete(part));
            Trees.create(staging);
            for (Map.Entry<String, String> file :
                    contents(definition, cloudInit).entrySet()) {
                Files.writeString(staging.resolve(file.getKey()), file.getValue(), StandardCharsets.UTF_8);
            }
            Tool.run(
                    Duration.ofMinutes(1),
                    List.of(
                            "genisoimage",
                            "-quiet",
                            "-output",
                            part.toString(),
                            "-volid",
                            "cidata",
                            "-joliet",
                            "-rock",
                            staging.toString()));
            Files.move(part, files.seed(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw NodeFailures.files("Writing the cloud-init seed", e);
        }
    }

    /** File names and what stands in them. */
    static Map<String, String> contents(InstanceDefinition definition, CloudInit cloudInit) {
        Map<String, String> files = new LinkedHashMap<>();
        Map<String, Object> meta = new LinkedHashMap<>();
        meta.put("instance-id", definition.id().toString());
        meta.put("local-hostname", cloudInit.hostname());
        if (!cloudInit.sshKeys().isEmpty()) {
            meta.put("public-keys", cloudInit.sshKeys());
        }
        files.put("meta-data", json(meta) + "\n");
        files.put("user-data", cloudInit.userData().isEmpty() ? userData(cloudInit) : cloudInit.userData());
        String network = cloudInit.networkConfig();
        files.put("network-config", network == null ? json(dhcp()) + "\n" : network);
        return files;
    }

    private static String userData(CloudInit cloudInit) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("hostname", cloudInit.hostname());
        config.put("ssh_authorized_keys", cloudInit.sshKeys());
        return "#cloud-config\n" + json(config) + "\n";
    }

    private static Map<String, Object> dhcp() {
        Map<String, Object> all = Map.of("match", Map.of("name", "e*"), "dhcp4", true);
        return Map.of("version", 2, "ethernets", Map.of("all", all));
    }

    private static String json(Map<String, Object> value) {
        try {
            return BerthJson.mapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps of text are always JSON", e);
        }
    }
}
