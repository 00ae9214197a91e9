package dev.berth.driver;

/** A running flow of events; closing it ends the flow. Closing twice is harmless. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    @Override
    void close();

    /** Whether more may come; false once the other side has ended the flow. */
    default boolean isOpen() {
        return true;
    }
}
