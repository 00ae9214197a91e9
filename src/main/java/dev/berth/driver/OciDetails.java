package dev.berth.driver;

import dev.berth.driver.ContainerSpec.HealthCheck;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an OCI image says of itself.
 *
 * @param digest of its manifest, {@code sha256:…}
 * @param reference what it was pulled as, or null
 * @param platform that it runs on, for example {@code linux/amd64}; null if it does not say, or came before Berth asked
 * @param layers lowest first
 */
public record OciDetails(
        String digest, @Nullable String reference, @Nullable String platform, Config config, List<Layer> layers) {
    public OciDetails {
        layers = List.copyOf(layers);
    }

    /**
     * The image's defaults for a container, from its configuration.
     *
     * @param volumes paths that the image declares as volumes
     * @param exposedPorts for example {@code 80/tcp}
     * @param system whether it boots its own init; says nothing when an entry point is there
     */
    public record Config(
            List<String> entrypoint,
            List<String> cmd,
            List<String> env,
            @Nullable String user,
            @Nullable String workingDirectory,
            @Nullable String stopSignal,
            List<String> volumes,
            List<String> exposedPorts,
            Map<String, String> labels,
            @Nullable HealthCheck health,
            boolean system) {
        public Config {
            entrypoint = List.copyOf(entrypoint);
            cmd = List.copyOf(cmd);
            env = List.copyOf(env);
            volumes = List.copyOf(volumes);
            exposedPorts = List.copyOf(exposedPorts);
            labels = Map.copyOf(labels);
        }
    }

    /**
     * One layer.
     *
     * @param digest of the blob as it was transferred
     * @param diffId of the uncompressed archive; layers of the store are known by it
     * @param size bytes of the blob
     * @param unpacked bytes that it takes in the store
     */
    public record Layer(String digest, String diffId, long size, long unpacked) {}
}
