package dev.berth.driver;

/** The input side of an open console. Methods may block while the other side is slow. */
public interface ConsoleStream extends AutoCloseable {
    void write(byte[] data);

    /** Tells a text console its size in characters; ignored where it means nothing. */
    void resize(int columns, int rows);

    @Override
    void close();
}
