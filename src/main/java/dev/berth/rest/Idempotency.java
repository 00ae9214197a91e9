package dev.berth.rest;

import dev.berth.access.Caller;
import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.operation.OperationView;
import dev.berth.operation.Operations;
import dev.berth.sql.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes a POST that is sent twice happen once: the same key and request give the same operation for 24 hours. The key is
 * written in the transaction that submits, so there is no moment in which one exists without the other.
 */
@ApplicationScoped
public class Idempotency {
    private static final Duration KEEP = Duration.ofHours(24);
    private final Sql sql;
    private final Operations operations;
    private final Clock clock;

    Idempotency(Sql sql, Operations operations, Clock clock) {
        this.sql = sql;
        this.operations = operations;
        this.clock = clock;
    }

    /**
     * Submits, or finds what an earlier request with this key submitted.
     *
     * @param key the header's value; null when it was not sent
     * @param request path and body, to be compared
     * @throws BerthException IDEMPOTENCY_MISMATCH when the key stands for another request
     */
    @Transactional
    public OperationView once(Caller caller, @Nullable String key, Object request, Supplier<OperationView> submit) {
        if (key == null) {
            return submit.get();
        }
        if (key.isBlank() || key.length() > 200 || key.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
            throw BerthException.invalid(
                    "Idempotency-Key", "An Idempotency-Key has 1 to 200 printable ASCII characters.");
        }
        byte[] fingerprint = fingerprint(request);
        sql.query(row -> 0, "select pg_advisory_xact_lock(hashtextextended(?, 31))", caller.id() + " " + key);
        Optional<Earlier> earlier = earlier(caller, key);
        if (earlier.isPresent()) {
            return again(earlier.get(), fingerprint);
        }
        OperationView submitted = submit.get();
        sql.update(
                "delete from idempotency where created_at < ?", clock.instant().minus(KEEP));
        sql.update(
                "insert into idempotency (caller, key, request, operation, created_at) values (?, ?, ?, ?, ?)",
                caller.id(),
                key,
                fingerprint,
                submitted.id(),
                clock.instant());
        return submitted;
    }

    @SuppressWarnings("ArrayRecordComponent") // lives for one comparison
    private record Earlier(byte[] request, UUID operation) {}

    private Optional<Earlier> earlier(Caller caller, String key) {
        return sql.one(
                row -> new Earlier(row.getBytes("request"), row.getObject("operation", UUID.class)),
                "select request, operation from idempotency where caller = ? and key = ? and created_at >= ?",
                caller.id(),
                key,
                clock.instant().minus(KEEP));
    }

    private OperationView again(Earlier earlier, byte[] fingerprint) {
        if (!MessageDigest.isEqual(earlier.request(), fingerprint)) {
            throw BerthException.of(
                    ErrorCode.IDEMPOTENCY_MISMATCH,
                    "This Idempotency-Key was used for another request; use a new key for a new request.");
        }
        return operations
                .find(earlier.operation())
                .orElseThrow(() -> BerthException.notFound("operation", earlier.operation()));
    }

    private static byte[] fingerprint(Object request) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(BerthJson.text(request).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
