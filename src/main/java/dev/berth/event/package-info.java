/**
 * The outbox: every state change is a row written in its own transaction; everything that notifies anybody reads it.
 * SSE, webhooks, the audit trail and the browser's live updates all follow the one feed.
 */
@NullMarked
package dev.berth.event;

import org.jspecify.annotations.NullMarked;
