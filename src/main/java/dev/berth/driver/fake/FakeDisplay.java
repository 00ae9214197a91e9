package dev.berth.driver.fake;

import dev.berth.driver.ConsoleOutput;
import dev.berth.driver.ConsoleStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A display as an RFB 3.8 server (RFC 6143) without a password: a bar that wanders over a plain ground, in raw 32-bit
 * rectangles of the client's wish. The keys that it gets go into the serial log as keysyms, for whoever wants to know.
 */
final class FakeDisplay implements ConsoleStream {
    private static final int WIDTH = 320;
    private static final int HEIGHT = 200;
    private final ConsoleOutput output;
    private final PipedOutputStream input = new PipedOutputStream();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final FakeInstance instance;
    private int frame;

    private FakeDisplay(FakeInstance instance, ConsoleOutput output) {
        this.instance = instance;
        this.output = output;
    }

    static FakeDisplay open(FakeInstance instance, ConsoleOutput output) {
        FakeDisplay display = new FakeDisplay(instance, output);
        try {
            PipedInputStream pipe = new PipedInputStream(display.input, 64 * 1024);
            Thread.ofVirtual().name("fake-display").start(() -> display.serve(new DataInputStream(pipe)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return display;
    }

    @Override
    public void write(byte[] data) {
        try {
            input.write(data);
            input.flush();
        } catch (IOException e) {
            end("The display has ended.");
        }
    }

    @Override
    public void resize(int columns, int rows) {
        // Displays are sized by RFB itself.
    }

    @Override
    public void close() {
        end(null);
    }

    private void end(@Nullable String reason) {
        if (closed.compareAndSet(false, true)) {
            try {
                input.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            output.closed(reason);
        }
    }

    private void serve(DataInputStream in) {
        try {
            handshake(in);
            while (!closed.get()) {
                message(in);
            }
        } catch (IOException e) {
            end(closed.get() ? null : "The client left.");
        }
    }

    private void handshake(DataInputStream in) throws IOException {
        output.data("RFB 003.008\n".getBytes(StandardCharsets.US_ASCII));
        in.skipNBytes(12);
        output.data(new byte[] {1, 1});
        in.skipNBytes(1);
        output.data(new byte[] {0, 0, 0, 0});
        in.skipNBytes(1);
        ByteArrayOutputStream init = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(init);
        out.writeShort(WIDTH);
        out.writeShort(HEIGHT);
        out.write(new byte[] {32, 24, 0, 1, 0, (byte) 255, 0, (byte) 255, 0, (byte) 255, 16, 8, 0, 0, 0, 0});
        byte[] title = instance.definition().name().getBytes(StandardCharsets.UTF_8);
        out.writeInt(title.length);
        out.write(title);
        output.data(init.toByteArray());
    }

    private void message(DataInputStream in) throws IOException {
        int type = in.readUnsignedByte();
        switch (type) {
            case 0 -> in.skipNBytes(19);
            case 2 -> {
                in.skipNBytes(1);
                in.skipNBytes(4L * in.readUnsignedShort());
            }
            case 3 -> {
                in.skipNBytes(9);
                picture();
            }
            case 4 -> {
                boolean down = in.readBoolean();
                in.skipNBytes(2);
                int keysym = in.readInt();
                if (down) {
                    instance.print(" key:" + Integer.toHexString(keysym));
                }
            }
            case 5 -> in.skipNBytes(5);
            case 6 -> {
                in.skipNBytes(3);
                in.skipNBytes(in.readInt() & 0xFFFF_FFFFL);
            }
            default -> throw new IOException("unknown message " + type);
        }
    }

    private void picture() throws IOException {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        frame++;
        ByteArrayOutputStream update = new ByteArrayOutputStream(WIDTH * HEIGHT * 4 + 16);
        DataOutputStream out = new DataOutputStream(update);
        out.writeShort(0);
        out.writeShort(1);
        out.writeShort(0);
        out.writeShort(0);
        out.writeShort(WIDTH);
        out.writeShort(HEIGHT);
        out.writeInt(0);
        int bar = frame * 8 % WIDTH;
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                out.writeInt(x >= bar && x < bar + 16 ? 0x40A0FF00 : 0x20181000);
            }
        }
        output.data(update.toByteArray());
    }
}
