package dev.berth.event;

/** Where features record events. */
public interface Outbox {
    /** Writes an event in the caller's transaction, which must exist. */
    void append(NewEvent event);
}
