package dev.berth.image;

import dev.berth.access.Caller;
import dev.berth.driver.ImageReference;
import dev.berth.driver.ImageSource;
import dev.berth.driver.LayerStore;
import dev.berth.event.NewEvent;
import dev.berth.event.Outbox;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
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
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The registries that admins have described, and how each is reached. A registry that nobody described is reached by https,
 * without a login. Passwords are added to a request when it goes to its node, so no operation ever holds one.
 */
@ApplicationScoped
public class Registries {
    private static final int MOST_TEXT = 4096;
    private final Sql sql;
    private final Vault vault;
    private final Outbox outbox;
    private final Clock clock;
    private final boolean allowPrivate;

    Registries(Sql sql, Vault vault, Outbox outbox, Clock clock, ImageSettings settings) {
        this.sql = sql;
        this.vault = vault;
        this.outbox = outbox;
        this.clock = clock;
        this.allowPrivate = settings.allowPrivateAddresses();
    }

    /**
     * What to set; null leaves as it is, an empty user name takes the login away.
     *
     * @param password goes with the user name
     */
    public record Change(
            @Nullable String username,
            @Nullable String password,
            @Nullable Boolean plainHttp,
            @Nullable Boolean allowPrivate) {
        @Override
        public String toString() {
            return "change of a registry";
        }
    }

    public List<ImageRegistry> list() {
        return sql.query(Registries::read, "select * from image_registry order by host");
    }

    /** By id or by host. */
    public ImageRegistry require(String idOrHost) {
        Optional<UUID> id = Uuids.parse(idOrHost);
        return (id.isPresent()
                        ? sql.one(Registries::read, "select * from image_registry where id = ?", id.get())
                        : find(idOrHost))
                .orElseThrow(() -> BerthException.notFound("registry", idOrHost));
    }

    private Optional<ImageRegistry> find(String host) {
        return sql.one(Registries::read, "select * from image_registry where host = ?", host);
    }

    @Transactional
    public ImageRegistry create(String host, Change change, Caller caller) {
        checkHost(host);
        UUID id = Uuids.next();
        boolean made = sql.update(
                        "insert into image_registry (id, host, plain_http, allow_private, created_at) values (?, ?, ?, ?, ?)"
                                + " on conflict do nothing",
                        id,
                        host,
                        Boolean.TRUE.equals(change.plainHttp()),
                        Boolean.TRUE.equals(change.allowPrivate()),
                        clock.instant())
                == 1;
        if (!made) {
            throw BerthException.of(
                            ErrorCode.NAME_TAKEN, "The registry '" + host + "' is here already; change that one.")
                    .with("pointer", "/host");
        }
        login(id, host, change);
        announce("registry.created", id, host, caller);
        return require(id.toString());
    }

    @Transactional
    public ImageRegistry change(ImageRegistry registry, Change change, Caller caller) {
        sql.update(
                "update image_registry set plain_http = ?, allow_private = ?, version = version + 1 where id = ?",
                Objects.requireNonNullElse(change.plainHttp(), registry.plainHttp()),
                Objects.requireNonNullElse(change.allowPrivate(), registry.allowPrivate()),
                registry.id());
        login(registry.id(), registry.host(), change);
        announce("registry.changed", registry.id(), registry.host(), caller);
        return require(registry.id().toString());
    }

    @Transactional
    public void delete(ImageRegistry registry, Caller caller) {
        sql.update("delete from image_registry where id = ?", registry.id());
        announce("registry.deleted", registry.id(), registry.host(), caller);
    }

    private void login(UUID id, String host, Change change) {
        String user = change.username();
        String password = change.password();
        if (user == null && password == null) {
            return;
        }
        if (user == null || (user.isEmpty() != (password == null || password.isEmpty()))) {
            throw BerthException.invalid("/password", "A user name and its password are set together.");
        }
        checkText("/username", user);
        checkText("/password", String.valueOf(password));
        if (user.contains(":")) {
            throw BerthException.invalid("/username", "A user name of a registry has no colon.");
        }
        boolean none = user.isEmpty();
        sql.update(
                "update image_registry set username = ?, secret = ? where id = ?",
                none ? null : user,
                none ? null : vault.seal(String.valueOf(password), owner(host, user)),
                id);
    }

    private static String owner(String host, String user) {
        return "registry " + host + " " + user;
    }

    private static void checkHost(String host) {
        boolean sound;
        try {
            sound = ImageReference.parse(host + "/name").registry().equals(host);
        } catch (BerthException e) {
            sound = false;
        }
        if (!sound) {
            throw BerthException.invalid("/host", "Name a registry as references do: registry.example:5000.");
        }
    }

    private static void checkText(String pointer, String text) {
        if (text.length() > MOST_TEXT || text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw BerthException.invalid(
                    pointer, "At most " + MOST_TEXT + " characters, and no control characters among them.");
        }
    }

    private void announce(String type, UUID id, String host, Caller caller) {
        outbox.append(new NewEvent(type, null, new Subject("registry", id, host), caller.name(), Map.of()));
    }

    /** How an image is pulled; still without its login. */
    ImageSource source(String reference, @Nullable String platform) {
        Optional<ImageRegistry> registry = find(ImageReference.parse(reference).registry());
        return new ImageSource.Registry(
                reference,
                null,
                registry.map(ImageRegistry::plainHttp).orElse(false),
                registry.map(ImageRegistry::allowPrivate).orElse(false) || allowPrivate,
                platform);
    }

    /** Adds what only the node may see. */
    ImageSource withLogin(ImageSource source) {
        return source instanceof ImageSource.Registry registry
                ? new ImageSource.Registry(
                        registry.reference(),
                        login(registry.reference()),
                        registry.plainHttp(),
                        registry.allowPrivate(),
                        registry.platform())
                : source;
    }

    LayerStore.PushTarget target(String reference) {
        Optional<ImageRegistry> registry = find(ImageReference.parse(reference).registry());
        return new LayerStore.PushTarget(
                reference,
                login(reference),
                registry.map(ImageRegistry::plainHttp).orElse(false),
                registry.map(ImageRegistry::allowPrivate).orElse(false) || allowPrivate);
    }

    private ImageSource.@Nullable Login login(String reference) {
        String host = ImageReference.parse(reference).registry();
        return sql.one(
                        row -> {
                            String user = row.getString("username");
                            return new ImageSource.Login(user, vault.open(row.getBytes("secret"), owner(host, user)));
                        },
                        "select username, secret from image_registry where host = ? and secret is not null",
                        host)
                .orElse(null);
    }

    private static ImageRegistry read(ResultSet row) throws SQLException {
        return new ImageRegistry(
                row.getObject("id", UUID.class),
                row.getString("host"),
                row.getString("username"),
                row.getBoolean("plain_http"),
                row.getBoolean("allow_private"),
                row.getTimestamp("created_at").toInstant(),
                row.getLong("version"));
    }
}
