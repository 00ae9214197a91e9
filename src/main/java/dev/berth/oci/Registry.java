package dev.berth.oci;

import dev.berth.driver.ImageReference;
import dev.berth.driver.ImageSource;
import dev.berth.driver.images.AddressRules;
import dev.berth.driver.images.Pinned;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One repository of a registry, by the OCI distribution protocol. Every hop's address is checked before it is connected to, and
 * credentials stay behind when a redirect leaves the registry.
 */
final class Registry {
    private static final int MOST_HOPS = 5;
    private static final int MOST_TRIES = 5;
    private static final int MOST_LOGINS = 3;
    private final URI base;
    private final AddressRules rules;
    private final Authority authority;
    private final String repository;
    private final Duration pause;

    /**
     * A repository.
     *
     * @param access what is wanted: {@code pull} or {@code pull,push}
     * @param pause before the second try; later ones wait longer
     */
    Registry(ImageReference reference, Connection connection, String access, Duration pause) {
        this.base = URI.create((connection.plainHttp() ? "http://" : "https://") + reference.address());
        this.rules = AddressRules.of(connection.allowPrivate());
        this.repository = reference.repository();
        this.authority =
                new Authority(base, connection.login(), rules, "repository:" + reference.repository() + ":" + access);
        this.pause = pause;
    }

    /** How a registry is reached. */
    record Connection(ImageSource.@Nullable Login login, boolean plainHttp, boolean allowPrivate) {}

    /** Does something with an answer. */
    @FunctionalInterface
    interface Use<T> {
        T with(Exchange answer) throws IOException;
    }

    /** The address of something of this repository, for example {@code manifests/latest}. */
    URI uri(String path) {
        return base.resolve("/v2/" + repository + "/" + path);
    }

    /** An address that the registry gave, possibly a relative one. */
    URI follow(URI from, String location) {
        URI next;
        try {
            next = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw Limits.refused("The registry sends on to something that is no URL.");
        }
        if (next.getHost() == null || next.getRawUserInfo() != null || next.getPort() == 0) {
            throw Limits.refused("The registry sends on to something that is no URL of a host.");
        }
        boolean web = "https".equals(next.getScheme()) || "http".equals(next.getScheme());
        if (!web || ("https".equals(from.getScheme()) && !"https".equals(next.getScheme()))) {
            throw Limits.refused("The registry sends on from " + from.getScheme() + " to " + next.getScheme() + ".");
        }
        return next;
    }

    /** Asks once, with a login if the registry wants one, and through its redirects. */
    <T> T once(String method, URI uri, Map<String, String> headers, @Nullable Path body, Use<T> use)
            throws IOException {
        URI at = uri;
        for (int hop = 0; hop <= MOST_HOPS; hop++) {
            try (Exchange answer = authorized(method, at, headers, body)) {
                boolean redirect = answer.status() >= 301 && answer.status() <= 308 && answer.status() != 304;
                if (!redirect || answer.header("location").isEmpty()) {
                    return use.with(answer);
                }
                at = follow(at, answer.header("location"));
            }
        }
        throw Limits.refused("The registry redirects more than " + MOST_HOPS + " times.");
    }

    private Exchange authorized(String method, URI uri, Map<String, String> headers, @Nullable Path body)
            throws IOException {
        boolean own = isOwn(uri);
        for (int i = 0; i < MOST_LOGINS; i++) {
            String header = own ? authority.header() : null;
            Map<String, String> all = new HashMap<>(headers);
            if (header != null) {
                all.put("Authorization", header);
            }
            Exchange answer =
                    Exchange.send(new Exchange.Request(method, uri, all, body), rules.resolve(Pinned.host(uri)));
            if (answer.status() != 401 || !own) {
                return answer;
            }
            try (answer) {
                authority.answer(answer.header("www-authenticate"), header);
            }
        }
        throw authority.refused();
    }

    private boolean isOwn(URI uri) {
        return base.getScheme().equals(uri.getScheme())
                && base.getRawAuthority().equalsIgnoreCase(String.valueOf(uri.getRawAuthority()));
    }

    /** What may be tried again. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws IOException;
    }

    /**
     * Tries until it succeeds, or there is no sense in it.
     *
     * @param meanwhile called while waiting; what it throws ends the waiting
     */
    <T> T patiently(Attempt<T> attempt, Runnable meanwhile) throws IOException {
        for (int tried = 1; ; tried++) {
            try {
                return attempt.run();
            } catch (Exchange.Broken e) {
                if (e.isFinal() || tried == MOST_TRIES) {
                    throw unreachable(e);
                }
            } catch (Busy e) {
                if (tried == MOST_TRIES) {
                    throw unreachable(e);
                }
            }
            rest(pause.multipliedBy(1L << tried - 1), meanwhile);
        }
    }

    /** The registry could not answer now. */
    static final class Busy extends IOException {
        private static final long serialVersionUID = 1L;

        Busy(int status) {
            super("it answered with status " + status);
        }
    }

    private BerthException unreachable(IOException e) {
        BerthException refusal = BerthException.of(
                ErrorCode.IMAGE_REFUSED,
                "The registry " + base.getAuthority() + " cannot be used: " + e.getMessage() + ".",
                e);
        return e instanceof Exchange.Broken broken && broken.noTls() ? refusal.with("reason", "no-tls") : refusal;
    }

    private static void rest(Duration time, Runnable meanwhile) {
        long end = System.nanoTime() + time.toNanos();
        try {
            while (System.nanoTime() < end) {
                meanwhile.run();
                Thread.sleep(Math.max(1, Math.min(200, time.toMillis())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BerthException.of(ErrorCode.CANCELLED, "The wait for the registry was interrupted.", e);
        }
    }

    /** Throws unless the answer is one of those that were hoped for. */
    void require(Exchange answer, String what, int... good) throws IOException {
        int status = answer.status();
        for (int one : good) {
            if (status == one) {
                return;
            }
        }
        if (status >= 500 || status == 429 || status == 408) {
            throw new Busy(status);
        }
        if (status == 404) {
            throw BerthException.of(
                    ErrorCode.NOT_FOUND, "The registry " + base.getAuthority() + " has no " + what + ".");
        }
        if (status == 401 || status == 403) {
            throw authority.refused();
        }
        throw BerthException.of(
                ErrorCode.IMAGE_REFUSED,
                "The registry " + base.getAuthority() + " answers with status " + status + " about " + what + ".");
    }
}
