package dev.berth.oci;

import dev.berth.ffi.HostDigest;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** A SHA-256 digest, written {@code sha256:<64 hex digits>}; the only algorithm that registries use. */
public record Digest(String hex) {
    private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final String PREFIX = "sha256:";

    /** Reads a digest out of somebody else's document; IMAGE_REFUSED if it is none. */
    public static Digest parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw Limits.refused("It names something by a digest that is no SHA-256: " + Texts.shown(text) + ".");
        }
        return new Digest(text.substring(PREFIX.length()));
    }

    static Digest of(byte[] content) {
        MessageDigest algorithm = algorithm();
        algorithm.update(content);
        return end(algorithm);
    }

    /** What an algorithm has seen so far. */
    static Digest end(MessageDigest algorithm) {
        return new Digest(HexFormat.of().formatHex(algorithm.digest()));
    }

    static MessageDigest algorithm() {
        return HostDigest.of("SHA-256");
    }

    @Override
    public String toString() {
        return PREFIX + hex;
    }
}
