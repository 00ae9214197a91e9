package dev.berth.driver;

import java.util.UUID;

/** Makes an image of an instance's changes. */
public interface Committing extends DriverCapability {
    /** Adds the changes as a new layer on the instance's own image; it is paused meanwhile if it runs. */
    @Deadline(seconds = 3600)
    StoredImage commit(UUID id, CommitRequest request, ProgressSink progress);

    /**
     * What to make.
     *
     * @param image id of the new image
     * @param comment kept in its history
     */
    record CommitRequest(UUID image, String comment, String author) {}
}
