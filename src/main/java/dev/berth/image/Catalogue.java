package dev.berth.image;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.berth.json.BerthJson;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Images that are known to be worth having: what this node can build itself, and cloud images of distributions. */
@ApplicationScoped
public class Catalogue {
    private final List<Entry> entries = load();

    /**
     * One offer; exactly one of {@code recipe} and {@code url} is there.
     *
     * @param checksums address of the vendor's list of checksums
     */
    public record Entry(
            String name,
            String title,
            @Nullable String recipe,
            @Nullable String url,
            @Nullable String checksums) {}

    public List<Entry> entries() {
        return entries;
    }

    private static List<Entry> load() {
        try (InputStream in = Objects.requireNonNull(Catalogue.class.getResourceAsStream("/image-catalogue.json"))) {
            return BerthJson.mapper().readValue(in, new TypeReference<>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
