package dev.berth.driver;

import org.jspecify.annotations.Nullable;

/** The output side of an open console; blocking in {@link #data} slows the console down instead of filling memory. */
public interface ConsoleOutput {
    void data(byte[] data);

    /** Called once, when the stream has ended; the reason is null after an ordinary end. */
    void closed(@Nullable String reason);
}
