package dev.berth.access;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.RequestScoped;
import java.util.Optional;

/** The caller of the REST request under way. */
@RequestScoped
public class CurrentCaller {
    static final String ATTRIBUTE = "berth.caller";
    private final SecurityIdentity identity;

    CurrentCaller(SecurityIdentity identity) {
        this.identity = identity;
    }

    /** The caller behind an identity; empty when nobody is logged in. */
    public static Optional<Caller> of(SecurityIdentity identity) {
        return Optional.ofNullable(identity.getAttribute(ATTRIBUTE));
    }

    /**
     * The caller.
     *
     * @throws BerthException UNAUTHENTICATED when nobody is logged in
     */
    public Caller get() {
        Caller caller = identity.getAttribute(ATTRIBUTE);
        if (caller == null) {
            throw BerthException.of(ErrorCode.UNAUTHENTICATED, "Log in or send a token.");
        }
        return caller;
    }
}
