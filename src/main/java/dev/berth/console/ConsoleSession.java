package dev.berth.console;

import dev.berth.driver.ConsoleKind;
import java.time.Instant;
import java.util.UUID;

/**
 * An open console.
 *
 * @param user name of who opened it
 */
public record ConsoleSession(UUID id, UUID instance, ConsoleKind type, String user, Instant openedAt) {}
