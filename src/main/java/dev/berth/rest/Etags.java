package dev.berth.rest;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Versions of resources as strong ETags: {@code "7"}. */
public final class Etags {
    private Etags() {}

    public static Response.ResponseBuilder tagged(Response.ResponseBuilder response, long version) {
        return response.header("ETag", "\"" + version + "\"");
    }

    /**
     * Lets a change through only if the sender knows the present version; {@code *} means any.
     *
     * @throws BerthException ETAG_REQUIRED without the header, ETAG_MISMATCH when another version is current
     */
    public static void check(@Nullable String ifMatch, long version) {
        if (ifMatch == null || ifMatch.isBlank()) {
            throw BerthException.of(
                    ErrorCode.ETAG_REQUIRED,
                    "Send If-Match with the ETag of the state that you saw, or * to change whatever is there.");
        }
        boolean matches = Arrays.stream(ifMatch.split(","))
                .map(String::strip)
                .anyMatch(tag -> tag.equals("*") || tag.equals("\"" + version + "\""));
        if (!matches) {
            throw BerthException.of(
                            ErrorCode.ETAG_MISMATCH,
                            "It was changed since you read it; read it again and repeat the change on that.")
                    .with("etag", "\"" + version + "\"");
        }
    }
}
