package dev.berth.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns every exception of a REST call into problem+json; what nobody foresaw is logged and shows no inner detail. */
class ProblemMappers {
    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);
    private final RoutingContext context;

    ProblemMappers(RoutingContext context) {
        this.context = context;
    }

    @ServerExceptionMapper
    Response known(BerthException e) {
        if (e.code().category() == ErrorCode.Category.INTERNAL) {
            LOG.errorf(e, "request %s failed", RequestIds.of(context));
        }
        return respond(e);
    }

    @ServerExceptionMapper
    Response unauthorized(UnauthorizedException e) {
        return respond(BerthException.of(ErrorCode.UNAUTHENTICATED, "Log in or send 'Authorization: Bearer <token>'."));
    }

    @ServerExceptionMapper
    Response unauthenticated(AuthenticationFailedException e) {
        return respond(BerthException.of(ErrorCode.UNAUTHENTICATED, "The token is unknown, revoked or expired."));
    }

    @ServerExceptionMapper
    Response forbidden(ForbiddenException e) {
        return respond(BerthException.of(ErrorCode.FORBIDDEN, "Your role does not allow this; ask an admin."));
    }

    @ServerExceptionMapper
    Response badJson(MismatchedInputException e) {
        return respond(JsonErrors.translate(e));
    }

    @ServerExceptionMapper
    Response malformed(JsonProcessingException e) {
        return respond(JsonErrors.translate(e));
    }

    @ServerExceptionMapper
    Response violated(ConstraintViolationException e) {
        String text = e.getConstraintViolations().stream()
                .map(violation -> violation.getPropertyPath() + " " + violation.getMessage())
                .sorted()
                .reduce((a, b) -> a + "; " + b)
                .orElse("A value is not allowed.");
        return respond(BerthException.of(ErrorCode.INVALID_ARGUMENT, text));
    }

    @ServerExceptionMapper
    Response framework(WebApplicationException e) {
        Throwable cause = e.getCause();
        if (cause instanceof BerthException known) {
            return known(known);
        }
        if (cause instanceof JsonProcessingException json) {
            return respond(JsonErrors.translate(json));
        }
        return FrameworkErrors.respond(e, RequestIds.of(context));
    }

    @ServerExceptionMapper
    Response unforeseen(RuntimeException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof BerthException known) {
                return known(known);
            }
        }
        LOG.errorf(e, "request %s failed", RequestIds.of(context));
        return respond(BerthException.of(
                ErrorCode.INTERNAL, "The server failed unexpectedly; its log tells more under this request id."));
    }

    private Response respond(BerthException e) {
        Problem problem = Problem.of(e, RequestIds.of(context));
        Response.ResponseBuilder response =
                Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem);
        Object wait = e.details().get("retryAfter");
        if (wait != null) {
            response.header("Retry-After", wait);
        }
        if (problem.status() == 401) {
            response.header("WWW-Authenticate", "Bearer");
        }
        return response.build();
    }
}
