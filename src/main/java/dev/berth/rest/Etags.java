package dev.berth.rest;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Versioned;
import java.net.URI;
import java.util.Arrays;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Versions of resources as strong ETags: {@code "7"} goes out with every answer that shows one, and comes back with a change. */
public final class Etags {
    private Etags() {}

    /** The answer that shows a resource as it is now. */
    public static <T extends Versioned> RestResponse<T> shown(T resource) {
        return RestResponse.ResponseBuilder.ok(resource)
                .header("ETag", tag(resource))
                .build();
    }

    /** The answer to the making of a resource, which lies below its collection's address. */
    public static <T extends Versioned> RestResponse<T> made(String collection, UUID id, T resource) {
        return RestResponse.ResponseBuilder.<T>created(URI.create("/api/v1/" + collection + "/" + id))
                .header("ETag", tag(resource))
                .entity(resource)
                .build();
    }

    /**
     * The resource, if the sender of a change knows its present version; {@code *} means any.
     *
     * @throws BerthException ETAG_REQUIRED without the header, ETAG_MISMATCH when another version is current
     */
    public static <T extends Versioned> T seen(@Nullable String ifMatch, T resource) {
        if (ifMatch == null || ifMatch.isBlank()) {
            throw BerthException.of(
                    ErrorCode.ETAG_REQUIRED,
                    "Send If-Match with the ETag of the state that you saw, or * to change whatever is there.");
        }
        boolean matches = Arrays.stream(ifMatch.split(","))
                .map(String::strip)
                .anyMatch(tag -> tag.equals("*") || tag.equals(tag(resource)));
        if (!matches) {
            throw BerthException.of(
                            ErrorCode.ETAG_MISMATCH,
                            "It was changed since you read it; read it again and repeat the change on that.")
                    .with("etag", tag(resource));
        }
        return resource;
    }

    private static String tag(Versioned resource) {
        return "\"" + resource.version() + "\"";
    }
}
