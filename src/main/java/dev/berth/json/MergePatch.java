package dev.berth.json;

import java.util.Set;

/**
 * A change as RFC 7396 has it: a field that is left out stays as it is; one that is null loses what was given to it.
 *
 * <p>Implemented by records, whose component {@link #CLEARED} no sender may give: the reader fills it in.
 */
public interface MergePatch {
    String CLEARED = "cleared";

    /** The fields that are null, as JSON pointers. */
    Set<String> cleared();

    /** Whether a field, or what it is a part of, is null. */
    default boolean clears(String pointer) {
        return cleared().stream().anyMatch(one -> pointer.equals(one) || pointer.startsWith(one + "/"));
    }
}
