package dev.berth.access;

import dev.berth.kernel.BerthException;
import io.quarkus.elytron.security.common.BcryptUtil;
import java.nio.charset.StandardCharsets;

/** Checks and hashes passwords with bcrypt. */
final class Passwords {
    private static final int COST = 11;
    /** bcrypt reads no more than this. */
    private static final int LONGEST = 72;

    private static final String NOBODY = BcryptUtil.bcryptHash("nobody has this password", COST);

    private Passwords() {}

    static String hash(String password) {
        int bytes = password.getBytes(StandardCharsets.UTF_8).length;
        if (password.length() < 10) {
            throw BerthException.invalid("/password", "A password has at least 10 characters.");
        }
        if (bytes > LONGEST) {
            throw BerthException.invalid("/password", "A password has at most 72 bytes in UTF-8.");
        }
        return BcryptUtil.bcryptHash(password, COST);
    }

    static boolean matches(String password, String hash) {
        return password.getBytes(StandardCharsets.UTF_8).length <= LONGEST && BcryptUtil.matches(password, hash);
    }

    /** Takes as long as a real check, so that unknown names cannot be told by time. */
    static void matchNobody(String password) {
        matches(password, NOBODY);
    }
}
