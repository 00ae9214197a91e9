package dev.berth.oci;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A list of manifests, one per platform. */
record Index(List<Entry> entries) {
    private static final int MOST = 1000;

    Index {
        entries = List.copyOf(entries);
    }

    /**
     * One of them.
     *
     * @param platform os/architecture, with the variant if there is one; or null
     */
    record Entry(
            Descriptor descriptor,
            @Nullable String platform,
            @Nullable String name) {}

    static Index parse(JsonNode root) {
        JsonNode nodes = root.path("manifests");
        if (!nodes.isArray() || nodes.size() > MOST) {
            throw Limits.refused("Its index has more than " + MOST + " manifests, or none.");
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonNode node : nodes) {
            JsonNode name = node.path("annotations").path("org.opencontainers.image.ref.name");
            entries.add(new Entry(
                    Descriptor.parse(node), platform(node.path("platform")), name.isTextual() ? name.asText() : null));
        }
        return new Index(entries);
    }

    private static @Nullable String platform(JsonNode node) {
        if (!node.isObject()) {
            return null;
        }
        String variant = node.path("variant").asText("");
        return node.path("os").asText("") + "/" + node.path("architecture").asText("")
                + (variant.isEmpty() ? "" : "/" + variant);
    }

    /**
     * The manifest for a platform. One of the same architecture but with a variant will do; what names no platform will do if
     * it is the only one.
     */
    Descriptor choose(String platform) {
        for (Entry entry : entries) {
            if (platform.equals(entry.platform())) {
                return entry.descriptor();
            }
        }
        for (Entry entry : entries) {
            String offered = entry.platform();
            if (offered != null && offered.startsWith(platform + "/")) {
                return entry.descriptor();
            }
        }
        if (entries.size() == 1 && entries.getFirst().platform() == null) {
            return entries.getFirst().descriptor();
        }
        List<String> offered = entries.stream()
                .map(entry -> String.valueOf(entry.platform()))
                .filter(text -> !text.startsWith("unknown/"))
                .distinct()
                .toList();
        throw Limits.refused(
                "It is not made for " + platform + ", only for " + Texts.shown(String.join(", ", offered)) + ".");
    }

    /** The platform of this node. */
    static String here() {
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return "linux/"
                + switch (machine) {
                    case "x86_64", "amd64" -> "amd64";
                    case "aarch64" -> "arm64";
                    default -> machine;
                };
    }
}
