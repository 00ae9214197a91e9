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
import org.jboss.logging.Logger;

/** Failures across the wire: code, sentence and details travel in a trailer; what the transport itself says is mapped. */
final class WireErrors {
    private static final Logger LOG = Logger.getLogger(WireErrors.class);
    private static final Metadata.Key<byte[]> KEY = Metadata.Key.of("berth-error-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private WireErrors() {}

    private record Carried(ErrorCode code, String message, Map<String, Object> details) {}

    static StatusRuntimeException status(Throwable failure, String method) {
        BerthException known = failure instanceof BerthException e ? e : unforeseen(failure, method);
        Metadata trailers = new Metadata();
        try {
            trailers.put(
                    KEY,
                    BerthJson.mapper().writeValueAsBytes(new Carried(known.code(), known.message(), known.details())));
        } catch (JsonProcessingException e) {
            LOG.warn("a failure's details cannot be sent", e);
        }
        return Status.UNKNOWN.withDescription(known.code().slug()).asRuntimeException(trailers);
    }

    private static BerthException unforeseen(Throwable failure, String method) {
        LOG.errorf(failure, "%s failed unexpectedly", method);
        return BerthException.of(
                ErrorCode.DRIVER_FAILED, "The node failed unexpectedly in " + method + "; its log tells more.");
    }

    static BerthException exception(StatusRuntimeException failure, String method) {
        return exception(failure.getStatus(), failure.getTrailers(), method);
    }

    static BerthException exception(
            Status status, @org.jspecify.annotations.Nullable Metadata trailers, String method) {
        byte[] carried = trailers == null ? null : trailers.get(KEY);
        if (carried != null) {
            return read(new String(carried, StandardCharsets.UTF_8));
        }
        return switch (status.getCode()) {
            case DEADLINE_EXCEEDED ->
                BerthException.of(
                        ErrorCode.DEADLINE_EXCEEDED, "The node did not finish " + method + " in time; it may hang.");
            case CANCELLED -> BerthException.of(ErrorCode.CANCELLED, "The call was cancelled.");
            case UNIMPLEMENTED ->
                BerthException.of(
                        ErrorCode.UNSUPPORTED,
                        "The node's agent does not know " + method + "; it is of another version.");
            case RESOURCE_EXHAUSTED -> BerthException.of(ErrorCode.TOO_LARGE, "The node's answer is too large.");
            default ->
                BerthException.of(
                        ErrorCode.NODE_UNAVAILABLE,
                        "The node's agent does not answer; start it, or wait until it is back.",
                        status.asRuntimeException());
        };
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
