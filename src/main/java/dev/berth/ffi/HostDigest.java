package dev.berth.ffi;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A digest that the host's OpenSSL computes. The JDK's own is as fast only after its second compiler has compiled it, which the
 * agent's JVM does not have: there it digests 120 MB/s, OpenSSL 1400 MB/s on a processor with SHA instructions.
 */
public final class HostDigest extends MessageDigest {
    private static final int PIECE = 1 << 16;
    private static final Cleaner CLEANER = Cleaner.create();
    private static final Map<String, Algorithm> ALGORITHMS = Map.of(
            "SHA-256", new Algorithm(32, CryptoLibrary::EVP_sha256),
            "SHA-512", new Algorithm(64, CryptoLibrary::EVP_sha512));

    private final CryptoLibrary library;
    private final Algorithm algorithm;
    private final Pointer context;
    private final Memory piece = new Memory(PIECE);

    /**
     * One that is known.
     *
     * @param length of its digests, in bytes
     */
    private record Algorithm(int length, Function<CryptoLibrary, Pointer> find) {}

    /** The library, loaded once; nothing where the host has none of this version. */
    private static final class Loaded {
        static final Optional<CryptoLibrary> LIBRARY = load();

        private static Optional<CryptoLibrary> load() {
            try {
                return Optional.of(CryptoLibrary.load());
            } catch (UnsatisfiedLinkError e) {
                System.getLogger(HostDigest.class.getName())
                        .log(System.Logger.Level.INFO, "without OpenSSL 3, digests take longer");
                return Optional.empty();
            }
        }
    }

    private HostDigest(String name, CryptoLibrary library, Algorithm algorithm) {
        super(name);
        this.library = library;
        this.algorithm = algorithm;
        Pointer made = library.EVP_MD_CTX_new();
        if (made == null) {
            throw new IllegalStateException("OpenSSL gives no context");
        }
        this.context = made;
        CLEANER.register(this, () -> library.EVP_MD_CTX_free(made));
        engineReset();
    }

    /**
     * A new digest: by the host's OpenSSL, or by the JDK where the host has none, or not this algorithm.
     *
     * @param algorithm as Java names it, for example {@code SHA-256}
     */
    public static MessageDigest of(String algorithm) {
        Algorithm known = ALGORITHMS.get(algorithm);
        if (known != null && Loaded.LIBRARY.isPresent()) {
            return new HostDigest(algorithm, Loaded.LIBRARY.get(), known);
        }
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static void require(int result) {
        if (result != 1) {
            throw new IllegalStateException("OpenSSL cannot digest");
        }
    }

    @Override
    protected int engineGetDigestLength() {
        return algorithm.length();
    }

    @Override
    protected void engineUpdate(byte input) {
        engineUpdate(new byte[] {input}, 0, 1);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
        try {
            for (int done = 0; done < length; done += PIECE) {
                int size = Math.min(PIECE, length - done);
                piece.write(0, input, offset + done, size);
                require(library.EVP_DigestUpdate(context, piece, size));
            }
        } finally {
            Reference.reachabilityFence(this); // or the context might be freed meanwhile
        }
    }

    @Override
    protected byte[] engineDigest() {
        byte[] digest = new byte[algorithm.length()];
        require(library.EVP_DigestFinal_ex(context, digest, null));
        engineReset();
        return digest;
    }

    @Override
    protected void engineReset() {
        require(library.EVP_DigestInit_ex(context, algorithm.find().apply(library), null));
    }
}
