package dev.berth.agent;

import dev.berth.driver.Capabilities;
import dev.berth.driver.DriverIdentity;
import dev.berth.driver.InstanceDriver;
import dev.berth.driver.NodeFacts;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Whether a driver answers, found out within a short time; a look that hangs is not repeated before it has ended. */
final class DriverLook {
    private static final int LOOK_SECONDS = 5;
    private final String name;
    private final String service;
    private final InstanceDriver driver;
    private final ExecutorService looking;
    private @Nullable Future<DriverIdentity> last;

    /**
     * A look at one driver.
     *
     * @param service what answers behind it, for people: {@code libvirtd}
     */
    DriverLook(String name, String service, InstanceDriver driver) {
        this.name = name;
        this.service = service;
        this.driver = driver;
        this.looking = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name(name + "-look").factory());
    }

    NodeFacts.DriverFacts facts() {
        try {
            return new NodeFacts.DriverFacts(looked(), driver.capabilities(), "");
        } catch (BerthException e) {
            Capabilities none = new Capabilities(Set.of(), Set.of(), Set.of(), false);
            return new NodeFacts.DriverFacts(new DriverIdentity(name, "unavailable"), none, e.message());
        }
    }

    private DriverIdentity looked() {
        try {
            return look().get(LOOK_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw BerthException.of(
                    ErrorCode.HYPERVISOR_UNAVAILABLE,
                    service + " does not answer within " + LOOK_SECONDS + " s; it hangs.");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof BerthException known
                    ? known
                    : BerthException.of(ErrorCode.DRIVER_FAILED, service + " cannot be asked.", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BerthException.of(ErrorCode.CANCELLED, "The look at " + service + " was interrupted.");
        }
    }

    private synchronized Future<DriverIdentity> look() {
        Future<DriverIdentity> look = last;
        if (look == null || look.isDone()) {
            look = looking.submit(() -> {
                driver.observeAll();
                return driver.identify();
            });
            last = look;
        }
        return look;
    }
}
