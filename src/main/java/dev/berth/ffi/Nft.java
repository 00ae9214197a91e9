package dev.berth.ffi;

import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A context of libnftables: runs commands in the language of {@code nft}, without that program.
 *
 * <p>All commands of one call are one transaction of the kernel: they take effect together, or not at all. The context works in
 * the network namespace of the thread that opened it. It is not thread-safe in C, so calls take turns here.
 */
public final class Nft implements AutoCloseable {
    /**
     * libnftables waits with {@code select(2)}, which ends the whole process at a descriptor of 1024 or more. A context keeps the one
     * that it gets when it is opened.
     */
    private static final int MOST_DESCRIPTOR = 1000;

    private static final int CLOSE_ON_EXEC = 0x80000;
    private final NftLibrary library;
    private final Pointer context;
    private boolean closed;

    private Nft(NftLibrary library, Pointer context) {
        this.library = library;
        this.context = context;
    }

    /** Commands that the kernel or the parser refused; nothing of them took effect. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    /**
     * A new context; to be opened early in a process that will have many files open.
     *
     * @throws Refused when libnftables is not installed or gives none, or when this process has too many files open for it
     */
    public static Nft open() {
        NftLibrary library;
        try {
            library = NftLibrary.load();
        } catch (UnsatisfiedLinkError e) {
            throw new Refused("libnftables.so.1 cannot be loaded; install the package libnftables1");
        }
        refuseHighDescriptors();
        Pointer context = library.nft_ctx_new(0);
        if (context == null) {
            throw new Refused("libnftables gives no context");
        }
        if (library.nft_ctx_buffer_output(context) != 0 || library.nft_ctx_buffer_error(context) != 0) {
            library.nft_ctx_free(context);
            throw new Refused("libnftables gives no buffers");
        }
        return new Nft(library, context);
    }

    /** The lowest free descriptor is the one that the context will get. */
    private static void refuseHighDescriptors() {
        int next = LibcLibrary.INSTANCE.open("/dev/null", CLOSE_ON_EXEC);
        LibcLibrary.INSTANCE.close(next);
        if (next > MOST_DESCRIPTOR) {
            throw new Refused(
                    "this process has " + next + " files open, with which libnftables cannot work; restart the agent");
        }
    }

    /**
     * Runs commands as one transaction.
     *
     * @return what they printed
     * @throws Refused with libnftables's own message
     */
    public synchronized String run(String commands) {
        if (closed) {
            throw new Refused("the context is closed");
        }
        int status = library.nft_run_cmd_from_buffer(context, commands);
        String output = text(library.nft_ctx_get_output_buffer(context));
        String error = text(library.nft_ctx_get_error_buffer(context));
        if (status != 0) {
            throw new Refused(error.isBlank() ? "libnftables failed without saying why" : error.strip());
        }
        return output;
    }

    private static String text(@Nullable Pointer buffer) {
        return buffer == null ? "" : buffer.getString(0, StandardCharsets.UTF_8.name());
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            library.nft_ctx_free(context);
        }
    }
}
