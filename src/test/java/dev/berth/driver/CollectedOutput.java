package dev.berth.driver;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A console's output, collected. */
public final class CollectedOutput implements ConsoleOutput {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private volatile boolean closed;
    private volatile @Nullable String reason;

    @Override
    public void data(byte[] data) {
        synchronized (bytes) {
            bytes.writeBytes(data);
        }
    }

    @Override
    public void closed(@Nullable String reason) {
        this.reason = reason;
        closed = true;
    }

    public boolean isClosed() {
        return closed;
    }

    /** What the end said; null for an ordinary end, and before it. */
    public @Nullable String reason() {
        return reason;
    }

    public String text() {
        synchronized (bytes) {
            return bytes.toString(StandardCharsets.ISO_8859_1);
        }
    }
}
