package dev.berth.rest;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that fails with TOO_LARGE instead of giving more than it may. */
final class LimitedInput extends FilterInputStream {
    private final long most;
    private long read;

    LimitedInput(InputStream in, long most) {
        super(in);
        this.most = most;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        count(value < 0 ? 0 : 1);
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        count(Math.max(0, count));
        return count;
    }

    private void count(int more) {
        read += more;
        if (read > most) {
            throw BerthException.of(ErrorCode.TOO_LARGE, "A body has at most " + most + " bytes here.");
        }
    }
}
