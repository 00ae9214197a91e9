package dev.berth.driver;

import java.util.UUID;

/**
 * An image in a node's image store.
 *
 * @param id file names derive from it
 * @param format stored once at import and passed explicitly ever after; never probed again
 */
public record ImageRef(UUID id, ImageFormat format) {}
