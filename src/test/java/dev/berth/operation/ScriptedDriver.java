package dev.berth.operation;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.VirtualClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * An operation type whose steps make things in a small world and take them away again, and fail as they are told. A step
 * that fails has made its thing already: an undo has to remove what was half made.
 */
final class ScriptedDriver implements OperationType<ScriptedDriver.Plan> {
    private final VirtualClock clock;
    private final Consumer<String> log;
    private final Map<String, Deque<Answer>> answers = new HashMap<>();
    private final TreeSet<String> world = new TreeSet<>();
    private final Set<String> brief = new HashSet<>();
    private final List<String> ended = new ArrayList<>();

    /** What an operation is to do. */
    record Plan(String name, List<String> steps) {}

    private record Answer(ErrorCode code, Duration after) {}

    ScriptedDriver(VirtualClock clock, Consumer<String> log) {
        this.clock = clock;
        this.log = log;
    }

    /** What the next call of a step does instead of succeeding. */
    void next(String operation, String step, int times, String code, Duration after) {
        Deque<Answer> queue = answers.computeIfAbsent(operation + " " + step, key -> new ArrayDeque<>());
        for (int i = 0; i < times; i++) {
            queue.add(new Answer(ErrorCode.valueOf(code.toUpperCase(Locale.ROOT).replace('-', '_')), after));
        }
    }

    /** What exists. */
    TreeSet<String> world() {
        return world;
    }

    /** Names of operations that were told to have ended, with how. */
    List<String> ended() {
        return ended;
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public Class<Plan> parameters() {
        return Plan.class;
    }

    @Override
    public List<Step<Plan>> steps(Plan plan) {
        return plan.steps().stream().map(this::step).toList();
    }

    private Step<Plan> step(String name) {
        Step.Action<Plan> apply = (p, context) -> apply(p, name);
        Step.Action<Plan> undo = (p, context) -> undo(p, name);
        return brief.contains(name) ? Step.brief(name, apply, undo) : Step.of(name, apply, undo);
    }

    /** A step of this name is brief. */
    void brief(String step) {
        brief.add(step);
    }

    private void apply(Plan plan, String step) {
        world.add(plan.name() + "/" + step);
        act(plan, step);
    }

    private void undo(Plan plan, String step) {
        act(plan, "undo " + step);
        world.remove(plan.name() + "/" + step);
    }

    private void act(Plan plan, String what) {
        Answer answer = answers.getOrDefault(plan.name() + " " + what, new ArrayDeque<>())
                .poll();
        if (answer == null) {
            log.accept(plan.name() + " " + what);
            return;
        }
        clock.advance(answer.after());
        log.accept(plan.name() + " " + what + " ! " + answer.code().slug());
        throw BerthException.of(answer.code(), "scripted");
    }

    @Override
    public void finished(Plan plan, OperationView operation) {
        ended.add(plan.name() + " " + operation.state());
        log.accept(plan.name() + " = " + operation.state());
    }
}
