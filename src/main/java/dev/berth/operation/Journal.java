package dev.berth.operation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operation has done so far; written after each step.
 *
 * @param steps names of all steps, in order
 * @param done finished steps that are not undone, in order
 * @param current the step that is under way, or null
 * @param undone steps taken back
 * @param data small texts that steps keep for each other
 */
public record Journal(
        List<String> steps,
        List<String> done,
        @Nullable String current,
        List<String> undone,
        Map<String, String> data) {

    public static Journal of(List<String> steps) {
        return new Journal(List.copyOf(steps), List.of(), null, List.of(), Map.of());
    }

    Journal begin(String step) {
        return new Journal(steps, done, step, undone, data);
    }

    Journal finish(String step) {
        List<String> more = new ArrayList<>(done);
        more.add(step);
        return new Journal(steps, List.copyOf(more), null, undone, data);
    }

    /** The step that was begun is not applied after all. */
    Journal halt() {
        return new Journal(steps, done, null, undone, data);
    }

    Journal undo(String step) {
        List<String> left = new ArrayList<>(done);
        left.remove(step);
        List<String> back = new ArrayList<>(undone);
        back.add(step);
        return new Journal(steps, List.copyOf(left), null, List.copyOf(back), data);
    }

    Journal with(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(data);
        more.put(key, value);
        return new Journal(steps, done, current, undone, Map.copyOf(more));
    }

    /** Steps that an undo has to take back, newest first; the one under way comes first. */
    List<String> toUndo() {
        List<String> names = new ArrayList<>(done.reversed());
        if (current != null && !names.contains(current)) {
            names.addFirst(current);
        }
        return names;
    }

    OperationView.StepView view(String step) {
        String state = undone.contains(step)
                ? "undone"
                : done.contains(step) ? "done" : step.equals(current) ? "running" : "pending";
        return new OperationView.StepView(step, state);
    }
}
