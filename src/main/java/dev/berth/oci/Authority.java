package dev.berth.oci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.driver.ImageSource;
import dev.berth.driver.images.AddressRules;
import dev.berth.driver.images.Pinned;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How one registry is convinced: nothing is sent before it asks. A password goes to the registry itself, or to a server of
 * tokens in the same domain that the registry names; nowhere else, whatever a registry or a redirect says.
 */
final class Authority {
    private static final int MOST_ANSWER = 1 << 20;
    private static final Pattern PARAMETER = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,32768}");
    private final URI registry;
    private final ImageSource.@Nullable Login login;
    private final AddressRules rules;
    private final String scope;
    private volatile @Nullable String header;

    /**
     * For one registry.
     *
     * @param scope what is asked for, as tokens name it
     */
    Authority(URI registry, ImageSource.@Nullable Login login, AddressRules rules, String scope) {
        this.registry = registry;
        this.login = login;
        this.rules = rules;
        this.scope = scope;
    }

    /** The header that was good enough last time, or null. */
    @Nullable
    String header() {
        return header;
    }

    /**
     * Answers a challenge.
     *
     * @param tried the header that was refused, or null
     */
    synchronized void answer(String challenge, @Nullable String tried) throws IOException {
        String known = header;
        if (known != null && !known.equals(tried)) {
            return;
        }
        String lower = challenge.toLowerCase(Locale.ROOT);
        if (lower.startsWith("bearer ")) {
            if (tried != null && tried.startsWith("Bearer ") && known != null && refreshed) {
                throw refused();
            }
            refreshed = tried != null;
            header = "Bearer " + token(challenge);
        } else if (lower.startsWith("basic")) {
            if (tried != null || login == null) {
                throw refused();
            }
            header = basic(login);
        } else {
            throw BerthException.of(
                    ErrorCode.UNSUPPORTED,
                    "The registry asks for a kind of login that is neither Basic nor Bearer: "
                            + Texts.shown(challenge));
        }
    }

    /** Whether the present token took the place of one that was refused; a second refusal is meant. */
    private boolean refreshed;

    BerthException refused() {
        ImageSource.Login known = login;
        return BerthException.of(
                ErrorCode.FORBIDDEN,
                known == null
                        ? "The registry " + registry.getAuthority()
                                + " wants a login for this; add the registry with its user and password."
                        : "The registry " + registry.getAuthority() + " refuses the user '" + known.user()
                                + "': user name or password is wrong, or that user may not do this.");
    }

    private String token(String challenge) throws IOException {
        Map<String, String> parameters = new HashMap<>();
        Matcher matcher = PARAMETER.matcher(challenge);
        while (matcher.find()) {
            parameters.put(matcher.group(1), matcher.group(2));
        }
        URI realm = realm(parameters.getOrDefault("realm", ""));
        Map<String, String> headers = new HashMap<>(Map.of("Accept", "application/json"));
        ImageSource.Login known = login;
        if (known != null) {
            requireTrusted(realm);
            headers.put("Authorization", basic(known));
        }
        String query = "service=" + encode(parameters.getOrDefault("service", "")) + "&scope=" + encode(scope);
        URI uri = URI.create(realm + (realm.getRawQuery() == null ? "?" : "&") + query);
        try (Exchange exchange = Exchange.send(Exchange.Request.get(uri, headers), rules.resolve(Pinned.host(uri)))) {
            if (exchange.status() == 401 || exchange.status() == 403) {
                throw refused();
            }
            if (exchange.status() != 200) {
                throw new IOException("its server of tokens answered with status " + exchange.status());
            }
            JsonNode answer = Documents.read(exchange.content(MOST_ANSWER), "token");
            String token =
                    answer.path("token").asText(answer.path("access_token").asText(""));
            if (!TOKEN.matcher(token).matches()) {
                throw new IOException("its server of tokens sent none");
            }
            return token;
        }
    }

    private URI realm(String text) {
        try {
            URI realm = URI.create(text);
            boolean web = "https".equals(realm.getScheme())
                    || ("http".equals(realm.getScheme()) && "http".equals(registry.getScheme()));
            if (web && realm.getHost() != null && realm.getRawUserInfo() == null && realm.getRawFragment() == null) {
                return realm;
            }
        } catch (IllegalArgumentException e) {
            // As bad as one of the wrong kind.
        }
        throw Limits.refused("The registry names a server of tokens that cannot be used: " + Texts.shown(text) + ".");
    }

    private void requireTrusted(URI realm) {
        String host = realm.getHost().toLowerCase(Locale.ROOT);
        String own = registry.getHost().toLowerCase(Locale.ROOT);
        if (host.equals(own) || host.endsWith("." + own)) {
            return;
        }
        String domain = own.substring(own.indexOf('.') + 1);
        if (isOneOwners(domain) && (host.equals(domain) || host.endsWith("." + domain))) {
            return;
        }
        throw BerthException.of(
                ErrorCode.FORBIDDEN,
                "The registry " + registry.getAuthority() + " wants the password to be sent to " + host
                        + ", which is in another domain; it was not sent.");
    }

    /** Whether all names below a domain belong together: not below com or co.uk, and addresses are no names. */
    private static boolean isOneOwners(String domain) {
        String[] labels = domain.split("\\.");
        String last = labels[labels.length - 1];
        boolean country = labels.length == 2 && last.length() == 2 && labels[0].length() <= 3;
        return labels.length >= 2 && !country && !last.matches("[0-9]+") && !domain.contains(":");
    }

    private static String basic(ImageSource.Login login) {
        byte[] pair = (login.user() + ":" + login.password()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
