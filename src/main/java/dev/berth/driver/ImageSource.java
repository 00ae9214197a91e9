package dev.berth.driver;

import dev.berth.kernel.BerthException;
import java.net.URI;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where the bytes of an image come from. */
public sealed interface ImageSource {
    /**
     * A download; resumed when it breaks off.
     *
     * @param allowPrivate whether private, loopback and link-local addresses may be contacted
     * @param checksums address of the vendor's list of checksums, which has to name the file; or null
     */
    record Url(String url, boolean allowPrivate, @Nullable String checksums) implements ImageSource {
        private static final int MOST_PORT = 65535;

        public Url {
            parse(url);
            if (checksums != null) {
                parse(checksums);
            }
        }

        /**
         * Reads the address of a download.
         *
         * @throws BerthException INVALID_ARGUMENT unless it is one of http or https with a host and without credentials
         */
        public static URI parse(String url) {
            URI uri;
            try {
                uri = URI.create(url);
            } catch (IllegalArgumentException e) {
                throw BerthException.invalid("/url", "The URL cannot be read.");
            }
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if (!scheme.equals("http") && !scheme.equals("https")) {
                throw BerthException.invalid("/url", "Images are downloaded by http or https only.");
            }
            if (uri.getHost() == null
                    || uri.getRawUserInfo() != null
                    || uri.getPort() == 0
                    || uri.getPort() > MOST_PORT) {
                throw BerthException.invalid("/url", "The URL needs a host, and no user name or password in it.");
            }
            return uri;
        }
    }

    /** A file of the node, below one of the directories that its agent allows. */
    record LocalFile(String path) implements ImageSource {}

    /** A finished upload; see {@link ImageDriver#appendUpload}. */
    record Upload(UUID upload) implements ImageSource {}

    /**
     * An image of an OCI registry.
     *
     * @param reference registry, repository and tag or digest; for example {@code registry.example:5000/web/nginx:1.27}
     * @param login credentials, only ever sent to the registry of the reference; or null
     * @param plainHttp whether HTTP without TLS is used
     * @param allowPrivate whether private, loopback and link-local addresses may be contacted
     * @param platform for example {@code linux/amd64}; null for the node's own
     */
    record Registry(
            String reference,
            @Nullable Login login,
            boolean plainHttp,
            boolean allowPrivate,
            @Nullable String platform) implements ImageSource {}

    /** A user of a registry. */
    record Login(String user, String password) {
        @Override
        public String toString() {
            return user + ":***";
        }
    }

    /** Built on the node: for example {@code tiny}, {@code debian-12}, {@code busybox}. */
    record Recipe(String name) implements ImageSource {}
}
