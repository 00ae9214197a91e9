package dev.berth.storage;

import dev.berth.kernel.Subject;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Knows what has volumes mounted; a CDI bean of a feature that builds on volumes. */
public interface VolumeUsers {
    /** Names of what is defined with a volume, running or not. */
    List<String> usersOf(UUID volume);

    /** The same for all volumes of a project at once; a volume that nothing has is left out. */
    Map<UUID, List<Subject>> usersIn(UUID project);
}
