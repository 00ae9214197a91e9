/**
 * OCI images in the agent: the layer store, imports of archives, pulls, pushes and garbage collection.
 *
 * <p>A layer is known by its diff id (the digest of its uncompressed archive), unpacked once, and shared by every image and
 * container of the node. It is unpacked by {@code berth-unpack} in a user namespace, so ids in the store are shifted by a
 * constant ({@link dev.berth.oci.StoredIds}): nothing on the host is ever owned by one of the host's users, set-user-id files
 * included. Blobs are kept as they were transferred, beside the unpacked layers: only so can an image be pushed or exported with
 * the digest that it was pulled with; recompressing would give another one with every version of zlib.
 *
 * <p>What arrives is hostile. Every blob is checked against the size and digest that led to it before anything reads it, every
 * number has a limit ({@link dev.berth.oci.Limits}), a manifest is what its media type says or nothing, and addresses of
 * registries are checked as those of downloads are. That last point, resumed downloads and digests while streaming are why the
 * registry client is our own on {@code curl}, and not oras-java-sdk: the SDK resolves and redirects by itself (so a name that
 * changes its address reaches the private network), writes whole blobs before it checks them, and starts them again from zero.
 *
 * <p>Overlay whiteouts lie in the store as overlay wants them: devices 0:0, and {@code trusted.overlay.opaque} on directories; so
 * overlay has to be mounted by the host's root. Images themselves are described by the image store's JSON files; a layer is
 * garbage when no image, no container and no import under way names it.
 */
@NullMarked
package dev.berth.oci;

import org.jspecify.annotations.NullMarked;
