package dev.berth.driver;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request to bring an image into the store.
 *
 * @param sha256 expected digest of the bytes as they arrive (before decompression), 64 hex digits, or null
 * @param maxBytes the import fails with TOO_LARGE beyond it, compressed or not
 */
public record ImageImport(
        UUID id, ImageSource source, @Nullable String sha256, long maxBytes) {}
