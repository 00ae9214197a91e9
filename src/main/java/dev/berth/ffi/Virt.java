package dev.berth.ffi;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The loaded libraries of one process, libvirt's event loop, and the checks that every call needs. */
final class Virt {
    private static final long MOST_TEXT = 16 << 20;

    static final VirtLibrary LIBRARY = VirtLibrary.load();

    /** Kept for ever: libvirt calls it from any thread; errors reach callers as exceptions, so nothing is printed. */
    private static final VirtLibrary.ErrorCallback SILENT = (userData, error) -> {};

    static {
        LIBRARY.virInitialize();
        LIBRARY.virSetErrorFunc(null, SILENT);
        LIBRARY.virEventRegisterDefaultImpl();
        Thread loop = new Thread(Virt::runEventLoop, "libvirt-events");
        loop.setDaemon(true);
        loop.start();
    }

    private Virt() {}

    private static void runEventLoop() {
        while (!Thread.currentThread().isInterrupted()) {
            if (LIBRARY.virEventRunDefaultImpl() < 0) {
                System.getLogger(Virt.class.getName())
                        .log(System.Logger.Level.WARNING, lastError().message());
            }
        }
    }

    /** Throws unless the result of a call says success. */
    static int check(int result) {
        if (result < 0) {
            throw lastError();
        }
        return result;
    }

    static Pointer check(@Nullable Pointer result) {
        if (result == null) {
            throw lastError();
        }
        return result;
    }

    /** Takes over a string that libvirt allocated. */
    static String take(@Nullable Pointer text) {
        Pointer owned = check(text);
        try {
            return text(owned);
        } finally {
            free(owned);
        }
    }

    /** A string, unless it is so long that a guest or a monitor must have made it to harm. */
    static String text(Pointer text) {
        long length = text.indexOf(0, (byte) 0);
        if (length > MOST_TEXT) {
            throw new VirtException(1, 0, "libvirt answered with " + length + " bytes; " + MOST_TEXT + " are read");
        }
        return text.getString(0, StandardCharsets.UTF_8.name());
    }

    /** Takes over an array of handles that libvirt allocated. */
    static <H> List<H> takeAll(int count, PointerByReference array, Function<Pointer, H> wrap) {
        Pointer base = array.getValue();
        if (base == null) {
            return List.of();
        }
        List<H> handles = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            handles.add(wrap.apply(base.getPointer((long) i * Native.POINTER_SIZE)));
        }
        free(base);
        return handles;
    }

    static void free(Pointer memory) {
        Native.free(Pointer.nativeValue(memory));
    }

    /** {@code virError}: int code; int domain; char *message; … It belongs to the calling thread. */
    private static VirtException lastError() {
        Pointer error = LIBRARY.virGetLastError();
        if (error == null) {
            return new VirtException(1, 0, "libvirt failed without saying why");
        }
        Pointer text = error.getPointer(Layout.ERROR_MESSAGE);
        String message = text == null ? "libvirt error" : text.getString(0, StandardCharsets.UTF_8.name());
        return new VirtException(error.getInt(Layout.ERROR_CODE), error.getInt(Layout.ERROR_DOMAIN), message);
    }
}
