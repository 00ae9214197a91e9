package dev.berth.driver;

import java.util.Set;

/**
 * What a driver declares of itself.
 *
 * @param consoles console kinds on offer; empty without {@link Capability#CONSOLE}
 * @param memorySnapshots whether a snapshot of a running instance can hold its memory
 */
public record Capabilities(
        Set<InstanceKind> kinds, Set<Capability> supported, Set<ConsoleKind> consoles, boolean memorySnapshots) {
    public Capabilities {
        kinds = Set.copyOf(kinds);
        supported = Set.copyOf(supported);
        consoles = Set.copyOf(consoles);
    }

    public boolean has(Capability capability) {
        return supported.contains(capability);
    }
}
