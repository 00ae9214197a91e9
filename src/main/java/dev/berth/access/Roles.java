package dev.berth.access;

import java.util.List;
import java.util.Set;

/** Names of the roles; each contains those before it. */
public final class Roles {
    public static final String VIEWER = "viewer";
    public static final String OPERATOR = "operator";
    public static final String ADMIN = "admin";

    private static final List<String> ORDER = List.of(VIEWER, OPERATOR, ADMIN);

    private Roles() {}

    /** All roles, the weakest first. */
    public static List<String> all() {
        return ORDER;
    }

    public static boolean known(String role) {
        return ORDER.contains(role);
    }

    /** The role and everything that it contains. */
    public static Set<String> containedIn(String role) {
        return Set.copyOf(ORDER.subList(0, ORDER.indexOf(role) + 1));
    }

    public static boolean includes(String role, String other) {
        return ORDER.indexOf(role) >= ORDER.indexOf(other);
    }
}
