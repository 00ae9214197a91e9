package dev.berth.oci;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A stream to a program, which tells the program's end apart from failures of whatever is read meanwhile. */
final class Pipe extends FilterOutputStream {
    Pipe(OutputStream out) {
        super(out);
    }

    /** The program has closed its side. */
    static final class Broken extends IOException {
        private static final long serialVersionUID = 1L;

        Broken(IOException cause) {
            super(cause);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw new Broken(e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            super.close();
        } catch (IOException e) {
            throw new Broken(e);
        }
    }
}
