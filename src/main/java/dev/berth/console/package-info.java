/**
 * Consoles of running instances in the browser: a ticket is asked for through REST or the UI, then redeemed once by the
 * WebSocket {@code /api/v1/consoles/{session}/stream}.
 *
 * <p>A ticket is 256 random bits, good for 30 seconds and for one use by the caller who asked for it; only its digest is
 * stored. It travels as the WebSocket subprotocol {@code ticket.<ticket>} beside {@code berth.console.v1}, so no address,
 * log or history holds it. While a console is open, its caller's permission is asked for again every few seconds.
 *
 * <p>The socket is Vert.x's own and not an endpoint of WebSockets Next, because it has to be paused while the guest does not
 * read (an endpoint queues what arrives) and because a refusal has to be a {@code problem+json} before the upgrade.
 */
@NullMarked
package dev.berth.console;

import org.jspecify.annotations.NullMarked;
