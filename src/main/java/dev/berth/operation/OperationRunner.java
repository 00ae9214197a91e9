package dev.berth.operation;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes one operation as far as it will go: claims it, applies its steps, or undoes them after a failure.
 *
 * <pre>
 *  claim ─► not its turn ───────────────────────────► LATER
 *   │
 *   ├─► apply steps ── all done ──────────────────────► END
 *   │      │ transient failure (node away) ───────────► LATER, until the patience is over
 *   │      ▼ failure, cancellation
 *   └─► undo steps ── all undone ─────────────────────► END
 *          └ any failure ─────────────────────────────► LATER, ever more seldom; only people give an undo up
 * </pre>
 *
 * <p>A run that finds itself superseded by another controller's stops where it is.
 */
public final class OperationRunner {
    private static final Logger LOG = Logger.getLogger(OperationRunner.class);
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);
    /** Looking late costs at most this part of what was waited anyway. */
    private static final int WAIT_PART = 20;

    private static final Duration UNKNOWN_WAIT = Duration.ofMinutes(1);
    private final OperationStore store;
    private final Function<String, Optional<OperationType<?>>> types;
    private final Clock clock;
    private final Duration patience;
    private final CrashPoint crashPoint;

    public OperationRunner(
            OperationStore store,
            Function<String, Optional<OperationType<?>>> types,
            Clock clock,
            Duration patience,
            CrashPoint crashPoint) {
        this.store = store;
        this.types = types;
        this.clock = clock;
        this.patience = patience;
        this.crashPoint = crashPoint;
    }

    /** Whether an operation has ended, or when to try it again. */
    public sealed interface Outcome {
        /** It is in a terminal state. */
        record Ended() implements Outcome {}

        /** Its turn has not come, or what it needs is away. */
        record Later(Duration delay) implements Outcome {}
    }

    public Outcome run(UUID id) {
        return store.claim(id)
                .map(claimed -> types.apply(claimed.operation().type())
                        .map(type -> run(claimed.operation(), claimed.claim(), type))
                        .orElseGet(() -> unknown(claimed.operation(), claimed.claim())))
                .orElseGet(() -> unclaimed(id));
    }

    /** Its turn comes when the one before it ends, and is looked for here in case nobody could say so. */
    private Outcome unclaimed(UUID id) {
        return store.load(id)
                .filter(operation -> !operation.state().terminal())
                .<Outcome>map(operation -> new Outcome.Later(untilNextLook(operation)))
                .orElseGet(Outcome.Ended::new);
    }

    /** The longer it has waited, the more seldom it looks: thousands may stand behind one that takes hours. */
    private Duration untilNextLook(OperationRecord waiting) {
        Duration part = Duration.between(waiting.createdAt(), clock.instant()).dividedBy(WAIT_PART);
        Duration most = part.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : part;
        return most.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : most;
    }

    /** After a downgrade; the version that began it may come back. */
    private Outcome unknown(OperationRecord operation, OperationStore.Claim claim) {
        String reason = "a version of Berth that knows operations of the type " + operation.type()
                + "; an administrator can give it up";
        if (!reason.equals(operation.waitingFor())) {
            store.waiting(claim, reason);
        }
        return new Outcome.Later(UNKNOWN_WAIT);
    }

    private <P extends Record> Outcome run(
            OperationRecord operation, OperationStore.Claim claim, OperationType<P> type) {
        try {
            Run<P> run = new Run<>(operation, claim, type);
            if (operation.state() != OperationState.UNDOING) {
                Optional<Outcome> outcome = run.apply();
                if (outcome.isPresent()) {
                    return outcome.get();
                }
            }
            return run.undo();
        } catch (Superseded e) {
            LOG.warn(e.getMessage());
            return new Outcome.Later(Duration.ofSeconds(1));
        }
    }

    /** One pass over one operation. */
    private final class Run<P extends Record> {
        private final OperationRecord operation;
        private final OperationStore.Claim claim;
        private final OperationType<P> type;
        private final P parameters;
        private final List<Step<P>> steps;
        private final RunContext context;
        private OperationView.Failure failure;

        Run(OperationRecord operation, OperationStore.Claim claim, OperationType<P> type) {
            this.operation = operation;
            this.claim = claim;
            this.type = type;
            this.parameters = operation.parametersOf(type);
            this.steps = type.steps(parameters);
            this.context = new RunContext(operation, claim, store, clock);
            OperationView.Failure earlier = operation.failure();
            this.failure = earlier == null ? internal() : earlier;
        }

        /** Empty when the steps have to be undone. */
        Optional<Outcome> apply() {
            try {
                List<Step<P>> left = steps.stream()
                        .filter(step -> !context.journal().done().contains(step.name()))
                        .toList();
                begin(left);
                for (int i = 0; i < left.size(); i++) {
                    stopIfCancelled(i > 0);
                    applyOne(left.get(i), i + 1 < left.size() ? left.get(i + 1) : null);
                }
            } catch (BerthException e) {
                return failed(e);
            } catch (Superseded e) {
                throw e;
            } catch (RuntimeException e) {
                LOG.errorf(e, "operation %s (%s) failed", operation.id(), operation.type());
                return failed(BerthException.of(
                        ErrorCode.INTERNAL, "An unexpected error occurred; see the server's log.", e));
            }
            end(OperationState.SUCCEEDED, null);
            if (!steps.isEmpty()) {
                crashPoint.reached(operation, steps.getLast().name(), CrashPoint.When.AFTER);
            }
            return Optional.of(new Outcome.Ended());
        }

        /** A claim has begun the first of all steps; after a restart another one may be next. */
        private void begin(List<Step<P>> left) {
            if (!left.isEmpty()
                    && !left.getFirst().name().equals(context.journal().current())) {
                context.checkCancelled();
                context.write(context.journal().begin(left.getFirst().name()));
            }
        }

        /**
         * Ends the run when somebody wants that.
         *
         * @param untouched whether the step that the journal has begun is surely not, so that nothing of it is taken back
         */
        private void stopIfCancelled(boolean untouched) {
            try {
                context.checkWritten();
            } catch (BerthException e) {
                if (untouched) {
                    context.keep(context.journal().halt());
                }
                throw e;
            }
        }

        /**
         * Applies a step that the journal has begun. One write finishes it and begins the next one; a brief one is finished with
         * the next one, the last one with the operation.
         */
        private void applyOne(Step<P> step, @Nullable Step<P> next) {
            crashPoint.reached(operation, step.name(), CrashPoint.When.BEFORE);
            step.apply(parameters, context);
            crashPoint.reached(operation, step.name(), CrashPoint.When.APPLIED);
            context.settled();
            Journal finished = context.journal().finish(step.name());
            if (next == null) {
                context.keep(finished);
            } else {
                Journal begun = finished.begin(next.name());
                if (step.brief()) {
                    context.keep(begun);
                } else {
                    context.write(begun);
                }
                crashPoint.reached(operation, step.name(), CrashPoint.When.AFTER);
            }
        }

        private Optional<Outcome> failed(BerthException e) {
            if (transientFailure(e) && context.patient(patience)) {
                store.waiting(claim, e.message());
                return Optional.of(new Outcome.Later(Duration.ofSeconds(2)));
            }
            failure = new OperationView.Failure(e.code().slug(), e.message(), e.details());
            context.writeKept(); // an undo has to know of a step that was begun
            store.log(operation.id(), "Failed: " + e.message());
            store.undoing(claim, failure);
            return Optional.empty();
        }

        Outcome undo() {
            for (String name : context.journal().toUndo()) {
                Optional<Step<P>> step =
                        steps.stream().filter(s -> s.name().equals(name)).findFirst();
                try {
                    step.ifPresent(this::undoOne);
                } catch (Superseded e) {
                    throw e;
                } catch (RuntimeException e) {
                    return undoFailed(name, e);
                }
                context.write(context.undoRetries().over().undo(name));
            }
            boolean cancelled = failure.code().equals(ErrorCode.CANCELLED.slug());
            end(cancelled ? OperationState.CANCELLED : OperationState.FAILED, failure);
            return new Outcome.Ended();
        }

        /** Tells about it and has it tried again; each time of the same failure after a longer while. */
        private Outcome undoFailed(String step, RuntimeException e) {
            String reason =
                    "Taking back '" + step + "' failed: " + (e instanceof BerthException known ? known.message() : e);
            UndoRetries retries = context.undoRetries();
            Duration delay = retries.delay(e instanceof BerthException known && transientFailure(known));
            if (retries.isNews(reason, delay)) {
                LOG.warnf(e, "undo of %s in operation %s failed; trying again", step, operation.id());
                store.log(operation.id(), reason + " It is tried again every " + delay.toSeconds() + " seconds.");
            }
            context.write(retries.failed(reason, delay));
            store.waiting(claim, reason);
            return new Outcome.Later(delay);
        }

        private void undoOne(Step<P> step) {
            crashPoint.reached(operation, step.name(), CrashPoint.When.UNDO);
            step.undo(parameters, context.undoing());
            crashPoint.reached(operation, step.name(), CrashPoint.When.UNDONE);
        }

        private void end(OperationState state, OperationView.@Nullable Failure why) {
            store.finish(claim, new OperationStore.End(state, context.journal(), why), ended -> {
                if (state == OperationState.SUCCEEDED) {
                    context.writeAtEnd();
                }
                type.finished(parameters, ended.view(false));
            });
        }
    }

    private static boolean transientFailure(BerthException e) {
        return e.code().category().isTransient() && e.details().get("final") == null;
    }

    private static OperationView.Failure internal() {
        return new OperationView.Failure(ErrorCode.INTERNAL.slug(), "The operation did not end.", Map.of());
    }
}
