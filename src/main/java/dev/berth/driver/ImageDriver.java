package dev.berth.driver;

import java.util.List;
import java.util.UUID;

/** A node's image store. */
public interface ImageDriver {
    /**
     * Brings an image in: fetch, decompress, check the header, inspect under limits, store. Success if it is there.
     * Nothing of a refused image stays behind (IMAGE_REFUSED, CHECKSUM_MISMATCH, TOO_LARGE, ADDRESS_REFUSED).
     */
    @Deadline(seconds = 14400)
    StoredImage importImage(ImageImport request, ProgressSink progress);

    /** Removes an image; success if it is gone already; IN_USE while a disk is linked to it. */
    void deleteImage(UUID id);

    List<StoredImage> images();

    /**
     * Adds bytes to an upload, at most 4 MiB at once. The first call, with offset 0, begins it.
     *
     * @param offset must be the present size of the upload (WRONG_STATE otherwise, with detail {@code offset})
     * @return the new size
     */
    long appendUpload(UUID upload, long offset, byte[] data);

    /** The size of an upload; 0 if it has not begun. */
    long uploadSize(UUID upload);

    void dropUpload(UUID upload);

    /** Reads an image's file for a download, at most 4 MiB at once. */
    StoredImage.Chunk readImage(UUID id, long offset, int length);
}
