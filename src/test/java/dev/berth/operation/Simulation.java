package dev.berth.operation;

import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.Subject;
import dev.berth.kernel.VirtualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Controllers that run operations on a virtual clock, a store in memory and a scripted driver, and die, freeze or lose the
 * database where they are told. What the scheduler does in the product, this does too: due times, and taking over the work of
 * a controller whose heartbeat has stopped.
 */
final class Simulation {
    static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration DEAD_AFTER = Duration.ofSeconds(20);
    private static final Duration LONGEST = Duration.ofDays(1);
    private final VirtualClock clock = new VirtualClock();
    private final List<Note> notes = new ArrayList<>();
    private final MemoryOperations store = new MemoryOperations(clock);
    private final ScriptedDriver driver = new ScriptedDriver(clock, this::note);
    private final Map<UUID, Instant> due = new LinkedHashMap<>();
    private final Map<String, UUID> names = new LinkedHashMap<>();
    private final Map<String, String> traps = new LinkedHashMap<>();
    private final List<String> places = new ArrayList<>();
    private boolean cancelable = true;
    private boolean typeIsKnown = true;
    private int controllers = 1;

    /** The end of a controller's process; nothing catches it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /** Something that happened, so many times in a row, from one second to another. */
    private record Note(String text, long from, long to, int times) {
        @Override
        public String toString() {
            return times == 1 ? from + "s " + text : from + "s-" + to + "s " + text + ", " + times + " times";
        }
    }

    private void note(String text) {
        long now = clock.sinceStart().toSeconds();
        Note last = notes.isEmpty() ? new Note("", 0, 0, 0) : notes.getLast();
        if (last.text().equals(text)) {
            notes.set(notes.size() - 1, new Note(text, last.from(), now, last.times() + 1));
        } else {
            notes.add(new Note(text, now, now, 1));
        }
    }

    List<String> log() {
        return notes.stream().map(Note::toString).toList();
    }

    ScriptedDriver driver() {
        return driver;
    }

    /** Every place that was passed: {@code <operation> <step>:<when>}. */
    List<String> places() {
        return places;
    }

    OperationRecord operation(String name) {
        return store.get(id(name));
    }

    private UUID id(String name) {
        return Objects.requireNonNull(names.get(name), () -> "no operation " + name);
    }

    void uncancelable() {
        cancelable = false;
    }

    /** Whether this version of Berth has the type of all operations. */
    void know(boolean type) {
        typeIsKnown = type;
    }

    void startController() {
        controllers++;
        // A controller that comes back takes at once what it had; nobody else is there to wait for.
        if (controllers == 1) {
            due.replaceAll((id, time) -> time.isBefore(clock.instant()) ? time : clock.instant());
        }
    }

    void submit(String name, String queue, List<String> steps) {
        UUID id = new UUID(0, names.size() + 1L);
        names.put(name, id);
        store.insert(new OperationRecord(
                id,
                driver.name(),
                json(new ScriptedDriver.Plan(name, steps)),
                null,
                new Subject("test", id, name),
                queue,
                "tester",
                OperationState.QUEUED,
                false,
                Journal.of(steps),
                null,
                null,
                null,
                clock.instant(),
                null,
                null));
        due.put(id, clock.instant());
    }

    private static String json(Object value) {
        try {
            return BerthJson.mapper().writeValueAsString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Something to happen once when an operation comes to a place: {@code crash}, {@code freeze}, {@code cancel}, {@code cut}. */
    void trap(String place, String what) {
        traps.put(place, what);
    }

    void cancel(String name) {
        note(name + " cancel " + (store.requestCancel(id(name), cancelable) ? "accepted" : "refused"));
    }

    /** Runs until nothing is due any more, or until this much time has passed. */
    void run(@Nullable Duration limit) {
        Instant end = clock.instant().plus(limit == null ? LONGEST : limit);
        while (controllers > 0) {
            UUID next = due.entrySet().stream()
                    .min(Map.Entry.comparingByValue())
                    .filter(entry -> !entry.getValue().isAfter(end))
                    .map(Map.Entry::getKey)
                    .orElse(null);
            if (next == null) {
                break;
            }
            clock.advanceTo(Objects.requireNonNull(due.get(next)));
            runOne(next);
        }
        if (limit != null && controllers > 0) {
            clock.advanceTo(end);
        }
    }

    private void runOne(UUID id) {
        try {
            OperationRunner.Outcome outcome = runner().run(id);
            switch (outcome) {
                case OperationRunner.Outcome.Later later -> {
                    if (due.containsKey(id)) {
                        due.put(id, clock.instant().plus(later.delay()));
                    }
                }
                case OperationRunner.Outcome.Ended ended -> {
                    due.remove(id);
                    store.next(id).ifPresent(other -> due.put(other, clock.instant()));
                }
            }
        } catch (BerthException e) {
            // As the scheduler's failure handler does.
            note(name(id) + " stopped: " + e.code().slug());
            due.put(id, clock.instant().plusSeconds(2));
        } catch (Killed e) {
            controllers--;
            due.put(id, clock.instant().plus(DEAD_AFTER));
        }
    }

    private OperationRunner runner() {
        return new OperationRunner(
                store, type -> typeIsKnown ? Optional.of(driver) : Optional.empty(), clock, PATIENCE, this::reached);
    }

    private void reached(OperationRecord operation, String step, CrashPoint.When when) {
        String name = operation.subject().name();
        String place = name + " " + step + ":" + when.name().toLowerCase(Locale.ROOT);
        places.add(place);
        String trap = traps.remove(place);
        if (trap == null) {
            return;
        }
        switch (trap) {
            case "crash" -> {
                note(place + " kill -9");
                throw new Killed();
            }
            case "cancel" -> cancel(name);
            case "cut" -> store.cutOff(3);
            case "freeze" -> {
                note(place + " frozen");
                clock.advance(DEAD_AFTER);
                while (due.containsKey(operation.id())) {
                    clock.advanceTo(Objects.requireNonNull(due.get(operation.id())));
                    runOne(operation.id());
                }
                note(place + " thawed");
            }
            default -> throw new IllegalArgumentException(trap);
        }
    }

    private String name(UUID id) {
        return store.get(id).subject().name();
    }
}
