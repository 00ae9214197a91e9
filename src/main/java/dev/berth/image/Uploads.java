package dev.berth.image;

import dev.berth.access.Caller;
import dev.berth.access.Roles;
import dev.berth.driver.ImageDriver;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Pieces;
import dev.berth.kernel.Uuids;
import dev.berth.node.Nodes;
import dev.berth.sql.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.InputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Files on their way into a node's store. An upload declares its size first, can be resumed at the offset that it has
 * reached, and is forgotten after a day.
 */
@ApplicationScoped
public class Uploads {
    private static final int PIECE = 1 << 20;
    private static final Duration KEEP = Duration.ofDays(1);
    private final Sql sql;
    private final Nodes nodes;
    private final Clock clock;
    private final long maxBytes;

    Uploads(Sql sql, Nodes nodes, Clock clock, ImageSettings settings) {
        this.sql = sql;
        this.nodes = nodes;
        this.clock = clock;
        this.maxBytes = settings.maxBytes();
    }

    /**
     * An upload.
     *
     * @param size declared bytes
     * @param received bytes that have arrived; go on there
     */
    public record Upload(UUID id, long size, long received, Instant createdAt) {}

    private record Row(UUID id, UUID node, long size, Instant createdAt) {}

    /**
     * Begins an upload.
     *
     * @param node where; null for any
     */
    public Upload begin(long size, @Nullable String node, Caller caller) {
        if (size < 1 || size > maxBytes) {
            throw BerthException.invalid("/size", "An upload has 1 to " + maxBytes + " bytes.");
        }
        dropOld();
        UUID id = Uuids.next();
        sql.update(
                "insert into upload (id, node, owner, size, created_at) values (?, ?, ?, ?, ?)",
                id,
                nodes.wanted(node).id(),
                caller.id(),
                size,
                clock.instant());
        return get(id, caller);
    }

    public Upload get(UUID id, Caller caller) {
        Row row = row(id, caller);
        return new Upload(id, row.size(), driver(row).uploadSize(id), row.createdAt());
    }

    /** Appends a stream at an offset, which has to be what was received so far. */
    public Upload append(UUID id, long offset, InputStream body, Caller caller) throws IOException {
        Row row = row(id, caller);
        if (offset < 0 || offset > row.size()) {
            throw BerthException.invalid("?offset", "offset is between 0 and the declared " + row.size() + " bytes.");
        }
        ImageDriver driver = driver(row);
        long sent = Pieces.send(body, PIECE, (piece, from, last) -> {
            if (offset + from + piece.length > row.size()) {
                throw BerthException.of(
                                ErrorCode.TOO_LARGE,
                                "The upload was declared with " + row.size() + " bytes; more were sent.")
                        .with("size", row.size());
            }
            if (piece.length > 0) {
                driver.appendUpload(id, offset + from, piece);
            }
        });
        return new Upload(id, row.size(), offset + sent, row.createdAt());
    }

    /** The node that an upload is on, if all of it has arrived. */
    UUID completeOn(UUID id, Caller caller) {
        Row row = row(id, caller);
        Upload upload = get(id, caller);
        if (upload.received() != upload.size()) {
            throw BerthException.of(
                            ErrorCode.WRONG_STATE,
                            "Only " + upload.received() + " of " + upload.size()
                                    + " bytes have arrived; send the rest first.")
                    .with("received", upload.received());
        }
        return row.node();
    }

    /** Forgets an upload that has become an image or has been refused as one. */
    void ended(UUID id) {
        sql.update("delete from upload where id = ?", id);
    }

    public void drop(UUID id, Caller caller) {
        Row row = row(id, caller);
        driver(row).dropUpload(id);
        sql.update("delete from upload where id = ?", id);
    }

    /** Removes the row of an upload whose bytes are gone: they became an image, or were refused. */
    void forget(UUID id) {
        sql.update("delete from upload where id = ?", id);
    }

    private void dropOld() {
        Instant limit = clock.instant().minus(KEEP);
        for (Row old : sql.query(Uploads::read, "select * from upload where created_at < ? limit 10", limit)) {
            try {
                driver(old).dropUpload(old.id());
                sql.update("delete from upload where id = ?", old.id());
            } catch (BerthException e) {
                if (!e.code().category().isTransient()) {
                    throw e;
                }
                // Its node is away, which is nothing to him who begins another one.
            }
        }
    }

    /** What was on its way to a node goes with it. */
    void nodeRemoved(@Observes Nodes.Removal removal) {
        sql.update("delete from upload where node = ?", removal.node().id());
    }

    private ImageDriver driver(Row row) {
        return nodes.drivers(row.node()).images();
    }

    /** Whether there is such an upload for this caller. */
    public boolean has(UUID id, Caller caller) {
        return find(id, caller).isPresent();
    }

    private Row row(UUID id, Caller caller) {
        return find(id, caller).orElseThrow(() -> BerthException.notFound("upload", id));
    }

    /** Somebody else's upload does not exist, except for admins. */
    private Optional<Row> find(UUID id, Caller caller) {
        return sql.one(
                Uploads::read,
                "select * from upload where id = ? and (owner = ? or ?)",
                id,
                caller.id(),
                caller.may(Roles.ADMIN));
    }

    private static Row read(ResultSet row) throws SQLException {
        return new Row(
                row.getObject("id", UUID.class),
                row.getObject("node", UUID.class),
                row.getLong("size"),
                row.getTimestamp("created_at").toInstant());
    }
}
