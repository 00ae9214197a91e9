package dev.berth.ffi;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** The C functions of OpenSSL 3 that Berth calls, with their signatures from {@code openssl/evp.h}; a size_t is a long. */
interface CryptoLibrary extends Library {
    static CryptoLibrary load() {
        return Native.load("libcrypto.so.3", CryptoLibrary.class);
    }

    @Nullable
    Pointer EVP_MD_CTX_new();

    void EVP_MD_CTX_free(Pointer context);

    Pointer EVP_sha256();

    Pointer EVP_sha512();

    /** 1 for success, as all that follow. */
    int EVP_DigestInit_ex(Pointer context, Pointer algorithm, @Nullable Pointer engine);

    int EVP_DigestUpdate(Pointer context, Pointer data, long size);

    int EVP_DigestFinal_ex(Pointer context, byte[] digest, @Nullable Pointer size);
}
