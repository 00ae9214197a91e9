package dev.berth.rest;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;

/** Errors that the web framework itself raises: unknown paths, methods and media types. */
final class FrameworkErrors {
    private FrameworkErrors() {}

    static Response respond(WebApplicationException e, String requestId) {
        int status = e.getResponse().getStatus();
        if (status < 400) {
            return e.getResponse();
        }
        Problem problem = problem(status, requestId);
        Response.ResponseBuilder response =
                Response.status(status).type(Problem.MEDIA_TYPE).entity(problem);
        Object allow = e.getResponse().getHeaders().getFirst(HttpHeaders.ALLOW);
        if (allow != null) {
            response.header(HttpHeaders.ALLOW, allow);
        }
        return response.build();
    }

    static Problem problem(int status, String requestId) {
        String code = code(status);
        return new Problem(
                "/api/v1/problems/" + code, title(code), status, code, detail(status), List.of(), requestId, Map.of());
    }

    private static String code(int status) {
        return switch (status) {
            case 400 -> "invalid-argument";
            case 401 -> "unauthenticated";
            case 403 -> "forbidden";
            case 404 -> "not-found";
            case 405 -> "method-not-allowed";
            case 406 -> "not-acceptable";
            case 413 -> "too-large";
            case 415 -> "unsupported-media-type";
            default -> status < 500 ? "refused" : "internal";
        };
    }

    private static String detail(int status) {
        return switch (status) {
            case 400 -> "A parameter or the body cannot be read; the API document says what is expected.";
            case 404 -> "There is nothing at this address.";
            case 405 -> "This address does not take that method; the header Allow lists those that it takes.";
            case 406 -> "This address cannot answer in the media type that Accept asks for.";
            case 413 -> "The body is too large.";
            case 415 -> "Send the body as application/json.";
            default -> status < 500 ? "The request was refused." : "The server failed unexpectedly.";
        };
    }

    private static String title(String code) {
        String words = code.replace('-', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
