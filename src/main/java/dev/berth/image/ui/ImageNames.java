package dev.berth.image.ui;

import java.util.Locale;

/** Names that are suggested for images. */
final class ImageNames {
    private static final int LONGEST = 63;

    private ImageNames() {}

    /** After the end of a reference: {@code registry.example:5000/web/nginx:1.27} is {@code nginx-1-27}. */
    static String ofReference(String reference) {
        return plain(reference
                .strip()
                .replaceFirst("@sha256:([0-9a-f]{0,12}).*", "-$1")
                .replaceFirst("^.*/", ""));
    }

    /** After a file without its endings: {@code Debian-12.qcow2.gz} is {@code debian-12}. */
    static String ofFile(String file) {
        return plain(file.replaceFirst("(?i)(\\.(oci|docker|tar|tgz|qcow2|img|raw|iso|gz|xz|zst|bz2))+$", ""));
    }

    private static String plain(String text) {
        String name = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        return name.substring(0, Math.min(LONGEST, name.length())).replaceAll("^-|-$", "");
    }
}
