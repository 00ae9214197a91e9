package dev.berth.rest;

import dev.berth.access.Caller;
import dev.berth.access.CurrentCaller;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.operation.OperationView;
import dev.berth.operation.Operations;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers to long work: 202 with the operation and its address, or, with {@code ?wait=}, 200 once it has succeeded and the
 * problem that it failed with otherwise.
 */
@ApplicationScoped
public class Accepted {
    private static final Pattern WAIT = Pattern.compile("(\\d{1,6})(ms|s|m)?");
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private final Operations operations;
    private final Idempotency idempotency;
    private final CurrentCaller current;

    Accepted(Operations operations, Idempotency idempotency, CurrentCaller current) {
        this.operations = operations;
        this.idempotency = idempotency;
        this.current = current;
    }

    /**
     * A request for long work that may arrive twice and shall happen once.
     *
     * @param key its Idempotency-Key; null when it was not sent
     * @param patience how long to wait for its end, as {@link #of} reads it
     * @param what action and resource: with the body, what the key stands for
     * @param body null where there is none
     */
    public record Once(
            @Nullable String key,
            @Nullable String patience,
            String what,
            @Nullable Object body) {
        private Object keyed() {
            return new Keyed(what, body);
        }
    }

    private record Keyed(String what, @Nullable Object body) {}

    /** Submits for the caller, unless an earlier request with the same key did, and answers with the operation. */
    public CompletionStage<Response> once(Once request, Function<Caller, OperationView> submit) {
        wait(request.patience());
        Caller caller = current.get();
        OperationView operation = idempotency.once(caller, request.key(), request.keyed(), () -> submit.apply(caller));
        return of(operation, request.patience());
    }

    /**
     * The response to a submitted operation, or a {@link BerthException}: what it failed with, with the detail {@code operation}.
     * Waiting takes no thread, so that requests that wait, for a node that hangs perhaps, keep no other one from being served.
     *
     * @param wait how long to wait for its end: {@code 30s}, {@code 500ms}, {@code 2m}; at most 5 minutes; null for not
     */
    public CompletionStage<Response> of(OperationView operation, @Nullable String wait) {
        Duration patience = wait(wait);
        URI address = absolute("/api/v1/operations/" + operation.id());
        return patience.isZero()
                ? CompletableFuture.completedStage(respond(operation, address))
                : operations.ended(operation.id(), patience).thenApply(now -> ended(now, address));
    }

    /** Made while the request is at hand, which is not so where the operation ends. */
    private static URI absolute(String path) {
        return Response.ok().location(URI.create(path)).build().getLocation();
    }

    private static Response ended(OperationView now, URI address) {
        OperationView.Failure failure = now.error();
        if (now.state().terminal() && failure != null) {
            throw problem(now, failure);
        }
        return respond(now, address);
    }

    private static Response respond(OperationView now, URI address) {
        return Response.status(now.state().terminal() ? 200 : 202)
                .location(address)
                .entity(now)
                .build();
    }

    private static BerthException problem(OperationView operation, OperationView.Failure failure) {
        ErrorCode code = Arrays.stream(ErrorCode.values())
                .filter(known -> known.slug().equals(failure.code()))
                .findFirst()
                .orElse(ErrorCode.INTERNAL);
        BerthException problem = BerthException.of(code, failure.message());
        for (Map.Entry<String, Object> detail : failure.details().entrySet()) {
            problem = problem.with(detail.getKey(), detail.getValue());
        }
        return problem.with("operation", operation.id().toString());
    }

    /** Reads a {@code wait} parameter; check it before anything is submitted. */
    public static Duration wait(@Nullable String text) {
        if (text == null) {
            return Duration.ZERO;
        }
        Matcher matcher = WAIT.matcher(text);
        if (!matcher.matches()) {
            throw BerthException.invalid("?wait", "Write wait like 30s, 500ms or 2m.");
        }
        long amount = Long.parseLong(matcher.group(1));
        Duration duration =
                switch (matcher.group(2) == null ? "s" : matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    default -> Duration.ofSeconds(amount);
                };
        return duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
    }
}
