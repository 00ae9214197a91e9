package dev.berth.event;

import dev.berth.kernel.Subject;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A fact to be recorded.
 *
 * @param type stable dotted name in the past tense, for example {@code instance.created}
 * @param actor name of who caused it; {@code system} for what nobody asked for
 * @param data small JSON-like details; no secrets
 */
public record NewEvent(String type, @Nullable UUID project, Subject subject, String actor, Map<String, Object> data) {}
