package dev.berth.image;

import dev.berth.kernel.Versioned;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A registry of OCI images that an admin has described. Its password is never shown.
 *
 * @param host with the port if it is not the usual one; {@code docker.io} is Docker Hub
 * @param username who logs in, or null for nobody
 * @param plainHttp whether it is talked to without TLS, passwords included
 * @param allowPrivate whether it may be at a private or loopback address
 */
public record ImageRegistry(
        UUID id,
        String host,
        @Nullable String username,
        boolean plainHttp,
        boolean allowPrivate,
        Instant createdAt,
        long version)
        implements Versioned {}
