package dev.berth.oci;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
        return new Digest(HexFormat.of().formatHex(algorithm().digest(content)));
    }

    /** What an algorithm has seen so far. */
    static Digest end(MessageDigest algorithm) {
        return new Digest(HexFormat.of().formatHex(algorithm.digest()));
    }

    static MessageDigest algorithm() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return PREFIX + hex;
    }
}
