package dev.berth.driver.lxc;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who processes of images run as; what was looked up last is remembered, because layers never change. */
final class ImageAccounts {
    private static final int MOST = 64;

    private record Asked(List<Path> topmostFirst, String user) {}

    private final Map<Asked, Accounts.Account> known = new LinkedHashMap<>(MOST, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, Accounts.Account> eldest) {
            return size() > MOST;
        }
    };

    /** Looks up {@code user[:group]} in an image's layers as {@link Accounts#find} does. */
    Accounts.Account find(List<Path> topmostFirst, @Nullable String user) {
        Asked asked = new Asked(List.copyOf(topmostFirst), user == null ? "" : user);
        synchronized (known) {
            Accounts.Account found = known.get(asked);
            if (found != null) {
                return found;
            }
        }
        Accounts.Account read = Accounts.inLayers(topmostFirst).find(user);
        synchronized (known) {
            known.put(asked, read);
        }
        return read;
    }
}
