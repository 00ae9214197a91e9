package dev.berth.driver;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Inserts and ejects images of optical drives, running or not. */
public interface MediaChanging extends DriverCapability {
    /** Puts an ISO image into a drive, or empties it when the image is null. */
    void changeMedia(UUID id, UUID drive, @Nullable ImageRef image);
}
