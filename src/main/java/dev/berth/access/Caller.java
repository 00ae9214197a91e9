package dev.berth.access;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who asks for something.
 *
 * @param id of the user, or of the token where no user owns it
 * @param name shown in events and operations
 * @param session key of the browser session, or null for a token
 */
public record Caller(
        UUID id,
        String name,
        String role,
        Kind kind,
        @Nullable String session) {
    /** What somebody authenticated with. */
    public enum Kind {
        SESSION,
        TOKEN,
        SYSTEM
    }

    /** Berth itself. */
    public static final Caller SYSTEM = new Caller(new UUID(0, 0), "system", Roles.ADMIN, Kind.SYSTEM, null);

    public boolean may(String needed) {
        return Roles.includes(role, needed);
    }
}
