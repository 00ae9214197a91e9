package dev.berth.rest;

import dev.berth.kernel.BerthException;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** Query parameters of every list. */
public class ListQuery {
    public static final int MOST = 1000;

    @QueryParam("limit")
    @DefaultValue("100")
    @Parameter(description = "Most items on a page, 1 to 1000")
    int limit;

    @QueryParam("after")
    @Parameter(description = "The 'next' of the page before")
    @Nullable
    String after;

    @QueryParam("fields")
    @Parameter(description = "Names of fields with commas between; items hold only these")
    @Nullable
    String fields;

    /** Items on a page. */
    public int limit() {
        if (limit < 1 || limit > MOST) {
            throw BerthException.invalid("?limit", "limit is between 1 and " + MOST + ".");
        }
        return limit;
    }

    public @Nullable String after() {
        return after;
    }

    /** A page of a list that is small enough to be in memory; keys are unique. */
    public <T> Page<T> page(List<T> all, Function<T, String> key) {
        int from = 0;
        String wanted = after;
        if (wanted != null) {
            from = -1;
            for (int i = 0; i < all.size(); i++) {
                if (key.apply(all.get(i)).equals(wanted)) {
                    from = i + 1;
                }
            }
            if (from < 0) {
                throw BerthException.invalid("?after", "The page marker is not known (any more); begin without it.");
            }
        }
        int to = Math.min(all.size(), from + limit());
        List<T> items = all.subList(from, to);
        return new Page<>(items, to < all.size() ? key.apply(items.getLast()) : null);
    }
}
