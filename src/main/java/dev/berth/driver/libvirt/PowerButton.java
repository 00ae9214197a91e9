package dev.berth.driver.libvirt;

import dev.berth.driver.RunState;
import dev.berth.driver.StopMode;
import dev.berth.ffi.VirtDomain;
import dev.berth.ffi.VirtException;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Threads;
import java.time.Duration;
import java.util.UUID;

/** Starts and ends domains. */
final class PowerButton {
    private static final long POLL_MILLIS = 200;
    /** Guests that were still booting miss the first press, so it is pressed again. */
    private static final Duration PRESS_AGAIN = Duration.ofSeconds(5);
    /** {@code VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN}. */
    private static final int ACPI = 1;

    private final Domains domains;
    private final boolean simulated;

    PowerButton(Domains domains, boolean simulated) {
        this.domains = domains;
        this.simulated = simulated;
    }

    void start(UUID id) {
        domains.change(id, Duration.ofSeconds(110), domain -> {
            if (!DomainStates.active(domain.state())) {
                domain.create();
            }
        });
    }

    void stop(UUID id, StopMode mode, Duration timeout) {
        VirtDomain.State seen = domains.with(id, VirtDomain::state);
        if (!DomainStates.active(seen)) {
            return;
        }
        boolean paused = DomainStates.runState(seen) == RunState.PAUSED;
        switch (mode) {
            case FORCE -> force(id);
            case GRACEFUL -> {
                if (paused) {
                    throw BerthException.of(
                            ErrorCode.WRONG_STATE, "A paused instance cannot shut itself down; resume it first.");
                }
                if (!ask(id, timeout)) {
                    throw BerthException.of(
                            ErrorCode.DEADLINE_EXCEEDED,
                            "The guest did not shut down within " + timeout.toSeconds()
                                    + " s; stop it by force if it hangs.");
                }
            }
            case GRACEFUL_THEN_FORCE -> {
                if (paused || !ask(id, timeout)) {
                    force(id);
                }
            }
        }
    }

    /** Ends it, whatever QEMU does. */
    void force(UUID id) {
        domains.with(id, domain -> {
            try {
                if (DomainStates.active(domain.state())) {
                    domain.destroy();
                }
            } catch (VirtException e) {
                if (DomainStates.active(domain.state())) {
                    throw e;
                }
            }
            return true;
        });
    }

    /** Presses the button and waits; false when the time is over. */
    private boolean ask(UUID id, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        long pressNext = System.nanoTime();
        while (true) {
            boolean press = System.nanoTime() - pressNext >= 0;
            if (press) {
                pressNext = System.nanoTime() + PRESS_AGAIN.toNanos();
            }
            if (!DomainStates.active(domains.with(id, VirtDomain::state))) {
                return true;
            }
            if (press) {
                press(id);
            }
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            if (!Threads.sleep(POLL_MILLIS)) {
                throw BerthException.of(ErrorCode.CANCELLED, "Waiting for the guest was interrupted.");
            }
        }
    }

    /** A QEMU that does not answer is one that does not shut down in its time. */
    private void press(UUID id) {
        try {
            // One that has ended since is what is wanted.
            domains.change(id, domain -> Failures.unlessInvalid(() -> domain.shutdown(simulated ? 0 : ACPI)));
        } catch (BerthException e) {
            if (e.code() != ErrorCode.HYPERVISOR_UNAVAILABLE) {
                throw e;
            }
            System.getLogger(PowerButton.class.getName()).log(System.Logger.Level.WARNING, e.message());
        }
    }
}
