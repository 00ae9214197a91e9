package dev.berth.access;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.settings.StateSettings;
import dev.berth.sql.Sql;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.transaction.Transactional;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The first minutes of an installation: a one-time code in {@code <state>/setup-code} lets the first admin in, and
 * {@code <state>/admin-token} lets scripts in. Both files are readable by their owner only.
 */
@ApplicationScoped
public class Setup {
    private final Users users;
    private final Tokens tokens;
    private final Sessions sessions;
    private final LoginThrottle throttle;
    private final Sql sql;
    private final StateFile code;
    private final StateFile adminToken;

    Setup(Users users, Tokens tokens, Sessions sessions, LoginThrottle throttle, Sql sql, StateSettings settings) {
        Path state = settings.directory();
        this.users = users;
        this.tokens = tokens;
        this.sessions = sessions;
        this.throttle = throttle;
        this.sql = sql;
        this.code = new StateFile(state.resolve("setup-code"));
        this.adminToken = new StateFile(state.resolve("admin-token"));
    }

    void start(@Observes @Priority(2500) Startup event) {
        if (required() && code.read().isEmpty()) {
            code.write(Secrets.code());
        }
        boolean good = adminToken.read().flatMap(tokens::authenticate).isPresent();
        if (!good) {
            adminToken.write(tokens.issue("admin-token file", Roles.ADMIN, null, Caller.SYSTEM)
                    .secret());
        }
    }

    /** Whether no user exists yet. */
    public boolean required() {
        return users.none();
    }

    /**
     * Makes the first admin and logs it in. The code is gone afterwards.
     *
     * @throws BerthException FORBIDDEN for a wrong code, THROTTLED, WRONG_STATE when it was done before
     */
    @Transactional
    public Sessions.Opened complete(String enteredCode, String name, String password, String address) {
        sql.query(row -> 0, "select pg_advisory_xact_lock(7260030)");
        if (!required()) {
            throw BerthException.of(ErrorCode.WRONG_STATE, "The set-up has been done before; log in instead.");
        }
        throttle.attempt("setup", "", address);
        String expected = code.read().orElse("");
        if (expected.isEmpty() || !Secrets.same(expected, enteredCode.strip().toUpperCase(Locale.ROOT))) {
            throw BerthException.of(
                            ErrorCode.FORBIDDEN,
                            "The set-up code is wrong; it stands in the file setup-code of the state directory.")
                    .with("pointer", "/code");
        }
        User user = users.create(name, password, Roles.ADMIN, Caller.SYSTEM);
        Sessions.Opened opened = sessions.open(user);
        throttle.succeeded("setup", "", address);
        code.delete();
        return opened;
    }
}
