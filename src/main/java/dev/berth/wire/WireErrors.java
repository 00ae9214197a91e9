package dev.berth.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Failures across the wire: code, sentence and details travel in a trailer; what the transport itself says is mapped. */
final class WireErrors {
    private static final Logger LOG = Logger.getLogger(WireErrors.class);
    private static final Metadata.Key<byte[]> KEY = Metadata.Key.of("berth-error-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private static final int MOST_CHARACTERS = 3000;
    private static final int MOST_BYTES = Transport.MOST_METADATA_BYTES / 2;

    private WireErrors() {}

    private record Carried(ErrorCode code, String message, Map<String, Object> details) {}

    static StatusRuntimeException status(Throwable failure, String method) {
        BerthException known = failure instanceof BerthException e ? e : unforeseen(failure, method);
        Metadata trailers = new Metadata();
        trailers.put(KEY, carried(known));
        return Status.UNKNOWN.withDescription(known.code().slug()).asRuntimeException(trailers);
    }

    /** Trailers are short: a sentence that is very long is cut, details that take much room stay behind. */
    private static byte[] carried(BerthException failure) {
        String message = failure.message();
        String sentence = message.length() > MOST_CHARACTERS ? message.substring(0, MOST_CHARACTERS) + " …" : message;
        byte[] whole = json(new Carried(failure.code(), sentence, failure.details()));
        return whole.length > 0 && whole.length <= MOST_BYTES
                ? whole
                : json(new Carried(failure.code(), sentence, Map.of()));
    }

    private static byte[] json(Carried failure) {
        try {
            return BerthJson.mapper().writeValueAsBytes(failure);
        } catch (JsonProcessingException e) {
            LOG.warn("a failure's details cannot be sent", e);
            return new byte[0];
        }
    }

    private static BerthException unforeseen(Throwable failure, String method) {
        LOG.errorf(failure, "%s failed unexpectedly", method);
        return BerthException.of(
                ErrorCode.DRIVER_FAILED, "The node failed unexpectedly in " + method + "; its log tells more.");
    }

    static BerthException exception(StatusRuntimeException failure, String method) {
        return exception(failure.getStatus(), failure.getTrailers(), method);
    }

    static BerthException exception(Status status, @Nullable Metadata trailers, String method) {
        byte[] carried = trailers == null ? null : trailers.get(KEY);
        if (carried != null) {
            return read(new String(carried, StandardCharsets.UTF_8));
        }
        return switch (status.getCode()) {
            case DEADLINE_EXCEEDED ->
                BerthException.of(
                        ErrorCode.DEADLINE_EXCEEDED, "The node did not finish " + method + " in time; it may hang.");
            case CANCELLED ->
                // Cancelled by this side only if the caller was interrupted; otherwise the agent broke off, as it
                // ended.
                Thread.currentThread().isInterrupted()
                        ? BerthException.of(ErrorCode.CANCELLED, "The call was cancelled.")
                        : unavailable(status);
            case UNIMPLEMENTED ->
                BerthException.of(
                        ErrorCode.UNSUPPORTED,
                        "The node's agent does not know " + method + "; it is of another version.");
            case RESOURCE_EXHAUSTED ->
                BerthException.of(ErrorCode.TOO_LARGE, "A message of " + method + " is too large for the connection.");
            case UNKNOWN, INTERNAL, DATA_LOSS, INVALID_ARGUMENT ->
                BerthException.of(
                        ErrorCode.DRIVER_FAILED,
                        "The node could not answer " + method + "; the log of its agent tells more.",
                        status.asRuntimeException());
            default -> unavailable(status);
        };
    }

    private static BerthException unavailable(Status status) {
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return BerthException.of(
                        ErrorCode.NODE_UNAVAILABLE,
                        "The node's agent and this controller do not accept each other's certificates ("
                                + cause.getMessage() + "); renew what has expired, from one authority.",
                        status.asRuntimeException());
            }
        }
        return BerthException.of(
                ErrorCode.NODE_UNAVAILABLE,
                "The node's agent does not answer; start it, or wait until it is back.",
                status.asRuntimeException());
    }

    private static BerthException read(String json) {
        try {
            Carried carried = BerthJson.mapper().readValue(json, Carried.class);
            BerthException e = BerthException.of(carried.code(), carried.message());
            for (Map.Entry<String, Object> detail : carried.details().entrySet()) {
                e = e.with(detail.getKey(), detail.getValue());
            }
            return e;
        } catch (JsonProcessingException e) {
            return BerthException.of(ErrorCode.DRIVER_FAILED, "The node failed, and its answer cannot be read.", e);
        }
    }
}
