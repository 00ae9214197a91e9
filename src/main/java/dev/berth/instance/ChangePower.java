package dev.berth.instance;

import dev.berth.driver.InstanceDriver;
import dev.berth.driver.Pausing;
import dev.berth.driver.Resetting;
import dev.berth.driver.StopMode;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.operation.OperationType;
import dev.berth.operation.Step;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** {@code instance.power}: start, shut down, stop, restart, reset, pause, resume. */
@ApplicationScoped
class ChangePower implements OperationType<ChangePower.Parameters> {
    private final InstanceSteps steps;

    ChangePower(InstanceSteps steps) {
        this.steps = steps;
    }

    /**
     * What to do.
     *
     * @param timeoutSeconds how long the guest may take to shut down
     * @param force whether to cut the power after that
     */
    record Parameters(UUID instance, Power verb, int timeoutSeconds, boolean force) {}

    @Override
    public String name() {
        return "instance.power";
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public List<Step<Parameters>> steps(Parameters parameters) {
        Step<Parameters> start = Step.of("start", (p, context) -> steps.start(p.instance(), context));
        return switch (parameters.verb()) {
            case START -> List.of(start);
            case RESTART -> List.of(Step.of("shutdown", (p, context) -> act(p, Power.SHUTDOWN)), start);
            default ->
                List.of(
                        Step.of(parameters.verb().name().toLowerCase(Locale.ROOT), (p, context) -> act(p, p.verb())),
                        Step.of("look", (p, context) -> steps.look(p.instance())));
        };
    }

    private void act(Parameters p, Power verb) {
        UUID id = p.instance();
        InstanceDriver driver = steps.driver(steps.require(id));
        switch (verb) {
            case START, RESTART -> throw new IllegalStateException(verb + " is made of other steps");
            case SHUTDOWN -> shutDown(driver, p);
            case STOP -> driver.stop(id, StopMode.FORCE, Duration.ofSeconds(30));
            case RESET -> driver.require(Resetting.class).reset(id);
            case PAUSE -> driver.require(Pausing.class).pause(id);
            case RESUME -> driver.require(Pausing.class).resume(id);
        }
    }

    private static void shutDown(InstanceDriver driver, Parameters p) {
        StopMode mode = p.force() ? StopMode.GRACEFUL_THEN_FORCE : StopMode.GRACEFUL;
        try {
            driver.stop(p.instance(), mode, Duration.ofSeconds(p.timeoutSeconds()));
        } catch (BerthException e) {
            // A guest that does not comply is an answer, not a fault that goes away.
            throw e.code() == ErrorCode.DEADLINE_EXCEEDED ? e.with("final", true) : e;
        }
    }
}
