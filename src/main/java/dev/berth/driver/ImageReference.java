package dev.berth.driver;

import dev.berth.kernel.BerthException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of an image in a registry: {@code registry.example:5000/web/nginx:1.27} or {@code …@sha256:…}. Without a registry
 * it is Docker Hub's.
 *
 * @param registry host, with the port if one is given
 * @param tag null if there is a digest only
 * @param digest {@code sha256:…}, or null
 */
public record ImageReference(
        String registry,
        String repository,
        @Nullable String tag,
        @Nullable String digest) {
    private static final String HUB = "docker.io";
    private static final int LONGEST = 1000;
    private static final String NAME = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
    private static final Pattern FORM =
            Pattern.compile("(?:(?<registry>localhost(?::[0-9]{1,5})?|[a-zA-Z0-9.-]+\\.[a-zA-Z0-9.-]+(?::[0-9]{1,5})?"
                    + "|[a-zA-Z0-9-]+:[0-9]{1,5}|\\[[0-9a-fA-F:.]+](?::[0-9]{1,5})?)/)?"
                    + "(?<repository>" + NAME + "(?:/" + NAME + ")*)"
                    + "(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?");

    /** Reads a reference; INVALID_ARGUMENT if it is none. */
    public static ImageReference parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (text.length() > LONGEST || !matcher.matches()) {
            throw BerthException.invalid(
                    "/reference",
                    "A reference looks like registry.example:5000/web/nginx:1.27 or …/nginx@sha256:<64 hex digits>.");
        }
        String registry = matcher.group("registry");
        String repository = matcher.group("repository");
        String digest = matcher.group("digest");
        String tag = matcher.group("tag");
        boolean official = registry == null && !repository.contains("/");
        return new ImageReference(
                registry == null ? HUB : registry,
                official ? "library/" + repository : repository,
                tag == null && digest == null ? "latest" : tag,
                digest);
    }

    /** What a manifest is asked for by: the digest counts if there is one. */
    public String version() {
        String known = digest;
        return known == null ? String.valueOf(tag) : known;
    }

    /** Where the registry's interface is; Docker Hub's is at another name. */
    public String address() {
        return registry.equals(HUB) ? "registry-1.docker.io" : registry;
    }

    @Override
    public String toString() {
        return registry + "/" + repository + (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
    }
}
