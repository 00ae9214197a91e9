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
import dev.berth.sql.Mapped;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.hibernate.exception.ConstraintViolationException;
import org.jspecify.annotations.Nullable;

/**
 * The registries that admins have described, and how each is reached. A registry that nobody described is reached by https,
 * without a login. Passwords are added to a request when it goes to its node, so no operation ever holds one.
 */
@Mapped
@Transactional
@ApplicationScoped
public class Registries {
    private static final int MOST_TEXT = 4096;
    private final RegistryRows rows;
    private final Vault vault;
    private final Outbox outbox;
    private final Clock clock;
    private final boolean allowPrivate;

    Registries(RegistryRows rows, Vault vault, Outbox outbox, Clock clock, ImageSettings settings) {
        this.rows = rows;
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
        return rows.listAll(Sort.by("host")).stream().map(RegistryRow::view).toList();
    }

    /** By id or by host. */
    public ImageRegistry require(String idOrHost) {
        return Uuids.parse(idOrHost)
                .map(rows::findByIdOptional)
                .orElseGet(() -> rows.ofHost(idOrHost))
                .orElseThrow(() -> BerthException.notFound("registry", idOrHost))
                .view();
    }

    public ImageRegistry create(String host, Change change, Caller caller) {
        checkHost(host);
        RegistryRow row = new RegistryRow();
        row.id = Uuids.next();
        row.host = host;
        row.createdAt = clock.instant();
        set(row, change);
        try {
            rows.persistAndFlush(row);
        } catch (ConstraintViolationException e) {
            throw BerthException.of(
                            ErrorCode.NAME_TAKEN, "The registry '" + host + "' is here already; change that one.")
                    .with("pointer", "/host");
        }
        announce("registry.created", row, caller);
        return row.view();
    }

    public ImageRegistry change(ImageRegistry registry, Change change, Caller caller) {
        RegistryRow row = row(registry);
        set(row, change);
        rows.flush();
        announce("registry.changed", row, caller);
        return row.view();
    }

    public void delete(ImageRegistry registry, Caller caller) {
        RegistryRow row = row(registry);
        rows.delete(row);
        announce("registry.deleted", row, caller);
    }

    private RegistryRow row(ImageRegistry registry) {
        return rows.findByIdOptional(registry.id())
                .orElseThrow(() -> BerthException.notFound("registry", registry.host()));
    }

    private void set(RegistryRow row, Change change) {
        row.plainHttp = Objects.requireNonNullElse(change.plainHttp(), row.plainHttp);
        row.allowPrivate = Objects.requireNonNullElse(change.allowPrivate(), row.allowPrivate);
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
        row.username = user.isEmpty() ? null : user;
        row.secret = user.isEmpty() ? null : vault.seal(String.valueOf(password), owner(row.host, user));
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

    private void announce(String type, RegistryRow row, Caller caller) {
        outbox.append(new NewEvent(type, null, new Subject("registry", row.id, row.host), caller.name(), Map.of()));
    }

    private Optional<RegistryRow> of(String reference) {
        return rows.ofHost(ImageReference.parse(reference).registry());
    }

    /** How an image is pulled; still without its login. */
    ImageSource source(String reference, @Nullable String platform) {
        Optional<RegistryRow> registry = of(reference);
        return new ImageSource.Registry(
                reference,
                null,
                registry.map(row -> row.plainHttp).orElse(false),
                registry.map(row -> row.allowPrivate).orElse(false) || allowPrivate,
                platform);
    }

    /** Adds what only the node may see. */
    ImageSource withLogin(ImageSource source) {
        return source instanceof ImageSource.Registry registry
                ? new ImageSource.Registry(
                        registry.reference(),
                        login(of(registry.reference())),
                        registry.plainHttp(),
                        registry.allowPrivate(),
                        registry.platform())
                : source;
    }

    LayerStore.PushTarget target(String reference) {
        Optional<RegistryRow> registry = of(reference);
        return new LayerStore.PushTarget(
                reference,
                login(registry),
                registry.map(row -> row.plainHttp).orElse(false),
                registry.map(row -> row.allowPrivate).orElse(false) || allowPrivate);
    }

    private ImageSource.@Nullable Login login(Optional<RegistryRow> registry) {
        return registry.flatMap(this::login).orElse(null);
    }

    private Optional<ImageSource.Login> login(RegistryRow row) {
        String user = row.username;
        byte[] secret = row.secret;
        return user == null || secret == null
                ? Optional.empty()
                : Optional.of(new ImageSource.Login(user, vault.open(secret, owner(row.host, user))));
    }
}
