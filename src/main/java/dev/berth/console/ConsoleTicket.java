package dev.berth.console;

import dev.berth.driver.ConsoleKind;
import java.time.Instant;
import java.util.UUID;

/**
 * The right to open one console once.
 *
 * @param url path of the WebSocket, without the ticket
 * @param ticket goes into the subprotocol {@code ticket.<ticket>}; shown only here
 * @param expiresAt after this it opens nothing
 */
public record ConsoleTicket(UUID sessionId, ConsoleKind type, String url, String ticket, Instant expiresAt) {
    @Override
    public String toString() {
        return "ConsoleTicket[" + sessionId + ", " + type + "]";
    }
}
