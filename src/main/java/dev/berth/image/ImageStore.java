package dev.berth.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.berth.driver.ImageFormat;
import dev.berth.driver.ImageReference;
import dev.berth.driver.OciDetails;
import dev.berth.driver.StoredImage;
import dev.berth.event.NewEvent;
import dev.berth.event.Outbox;
import dev.berth.json.BerthJson;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.Subject;
import dev.berth.kernel.Uuids;
import dev.berth.sql.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of images; every change is an event. */
@ApplicationScoped
class ImageStore {
    private final Sql sql;
    private final Outbox outbox;
    private final Clock clock;

    ImageStore(Sql sql, Outbox outbox, Clock clock) {
        this.sql = sql;
        this.outbox = outbox;
        this.clock = clock;
    }

    List<Image> list() {
        return sql.query(ImageStore::read, "select * from image order by name");
    }

    Optional<Image> find(String idOrName) {
        Optional<UUID> id = Uuids.parse(idOrName);
        return id.isPresent()
                ? find(id.get())
                : sql.one(ImageStore::read, "select * from image where name = ?", idOrName);
    }

    Optional<Image> find(UUID id) {
        return sql.one(ImageStore::read, "select * from image where id = ?", id);
    }

    /** A ready image that was pulled to a node under a reference. */
    Optional<Image> pulled(String reference, UUID node) {
        return sql.one(
                ImageStore::read,
                "select * from image where oci ->> 'reference' in (?, ?) and node = ? and state = 'READY' order by created_at desc",
                reference,
                ImageReference.parse(reference).toString(),
                node);
    }

    /** Removes the row of an image that did not arrive; in one statement, for it may arrive for somebody else just then. */
    @Transactional(Transactional.TxType.MANDATORY)
    void deleteUnready(UUID id, String actor) {
        Optional<Image> image = find(id);
        if (sql.update("delete from image where id = ? and state = 'IMPORTING'", id) == 1) {
            image.ifPresent(gone -> announce("image.deleted", id, gone.name(), actor));
        }
    }

    /** False if the name is taken. */
    @Transactional(Transactional.TxType.MANDATORY)
    boolean insert(UUID id, String name, UUID node, String source, @Nullable UUID operation, String actor) {
        boolean made = sql.update(
                        "insert into image (id, name, node, state, source, operation, created_at) values (?, ?, ?, 'IMPORTING', ?, ?, ?)"
                                + " on conflict do nothing",
                        id,
                        name,
                        node,
                        source,
                        operation,
                        clock.instant())
                == 1;
        if (made) {
            announce("image.importing", id, name, actor);
        }
        return made;
    }

    @Transactional
    void ready(StoredImage stored, String actor) {
        StoredImage.Boot boot = stored.boot();
        sql.update(
                "update image set state = 'READY', format = ?, sha256 = ?, file_size = ?, virtual_size = ?, boot = ?::jsonb,"
                        + " oci = ?::jsonb, operation = null, version = version + 1 where id = ?",
                stored.format().name(),
                stored.sha256(),
                stored.fileSize().bytes(),
                stored.virtualSize().bytes(),
                boot == null ? null : BerthJson.text(boot),
                stored.oci() == null ? null : BerthJson.text(stored.oci()),
                stored.id());
        find(stored.id()).ifPresent(image -> announce("image.ready", image.id(), image.name(), actor));
    }

    @Transactional(Transactional.TxType.MANDATORY)
    void state(Image image, Image.State state, String actor) {
        sql.update("update image set state = ?, version = version + 1 where id = ?", state.name(), image.id());
        announce("image.changed", image.id(), image.name(), actor);
    }

    /** Gives an image's name to the one that was pulled in its place; the old one is called after its id. */
    @Transactional
    void takeOver(Image fresh, Image old, String name, String actor) {
        String id = old.id().toString();
        String kept = name + "@" + id.substring(id.length() - 12);
        sql.update("update image set name = ?, version = version + 1 where id = ?", kept, old.id());
        sql.update("update image set name = ?, version = version + 1 where id = ?", name, fresh.id());
        announce("image.changed", old.id(), kept, actor);
        announce("image.changed", fresh.id(), name, actor);
    }

    @Transactional
    void forget(UUID id, String actor) {
        delete(id, actor);
    }

    @Transactional
    void restore(UUID id, String actor) {
        find(id).ifPresent(image -> state(image, Image.State.READY, actor));
    }

    @Transactional(Transactional.TxType.MANDATORY)
    void delete(UUID id, String actor) {
        Optional<Image> image = find(id);
        sql.update("delete from image where id = ?", id);
        image.ifPresent(gone -> announce("image.deleted", id, gone.name(), actor));
    }

    private void announce(String type, UUID id, String name, String actor) {
        outbox.append(new NewEvent(type, null, new Subject("image", id, name), actor, Map.of()));
    }

    private static Image read(ResultSet row) throws SQLException {
        String format = row.getString("format");
        return new Image(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getObject("node", UUID.class),
                Image.State.valueOf(row.getString("state")),
                format == null ? null : ImageFormat.valueOf(format),
                row.getString("sha256"),
                size(row, "file_size"),
                size(row, "virtual_size"),
                parse(row.getString("boot"), StoredImage.Boot.class),
                parse(row.getString("oci"), OciDetails.class),
                row.getString("source"),
                row.getObject("operation", UUID.class),
                row.getTimestamp("created_at").toInstant(),
                row.getLong("version"));
    }

    private static @Nullable DataSize size(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : new DataSize(value);
    }

    private static <T> @Nullable T parse(@Nullable String json, Class<T> type) {
        try {
            return json == null ? null : BerthJson.mapper().readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
