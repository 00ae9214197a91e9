package dev.berth.console;

import dev.berth.access.Caller;
import dev.berth.driver.ConsoleKind;
import dev.berth.driver.InstanceKind;
import java.util.UUID;

/** A session whose ticket has just been redeemed, with all that is needed to connect it. */
record OpenedSession(
        UUID id,
        UUID instance,
        String instanceName,
        InstanceKind instanceKind,
        UUID node,
        ConsoleKind type,
        Caller caller) {}
