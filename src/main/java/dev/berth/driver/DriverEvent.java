package dev.berth.driver;

import java.util.UUID;

/** Something that happened to an instance, whoever caused it. */
public sealed interface DriverEvent {
    /** State or addresses are now these. */
    record Changed(ObservedState state) implements DriverEvent {}

    /** The hypervisor no longer knows this instance. */
    record Gone(UUID id) implements DriverEvent {}

    /** Events may have been lost (hypervisor restarted); observe everything anew. */
    record Resync(String reason) implements DriverEvent {}
}
