package dev.berth.ffi;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The C functions of libnftables that Berth calls, with their signatures from {@code nftables/libnftables.h}. */
interface NftLibrary extends Library {
    static NftLibrary load() {
        return Native.load("nftables", NftLibrary.class, Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));
    }

    @Nullable
    Pointer nft_ctx_new(int flags);

    void nft_ctx_free(Pointer context);

    int nft_ctx_buffer_output(Pointer context);

    int nft_ctx_buffer_error(Pointer context);

    /** The text belongs to the context, until the next command. */
    @Nullable
    Pointer nft_ctx_get_output_buffer(Pointer context);

    @Nullable
    Pointer nft_ctx_get_error_buffer(Pointer context);

    int nft_run_cmd_from_buffer(Pointer context, String commands);
}
