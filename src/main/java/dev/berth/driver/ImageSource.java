package dev.berth.driver;

import java.util.UUID;

/** Where the bytes of an image come from. */
public sealed interface ImageSource {
    /**
     * A download; resumed when it breaks off.
     *
     * @param allowPrivate whether private, loopback and link-local addresses may be contacted
     */
    record Url(String url, boolean allowPrivate) implements ImageSource {}

    /** A file of the node, below one of the directories that its agent allows. */
    record LocalFile(String path) implements ImageSource {}

    /** A finished upload; see {@link ImageDriver#appendUpload}. */
    record Upload(UUID upload) implements ImageSource {}

    /** Built on the node: {@code tiny} or {@code debian-12}. */
    record Recipe(String name) implements ImageSource {}
}
