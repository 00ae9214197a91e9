package dev.berth.storage;

import java.util.List;
import java.util.UUID;

/** Knows what has volumes mounted; a CDI bean of a feature that builds on volumes. */
public interface VolumeUsers {
    /** Names of what is defined with a volume, running or not. */
    List<String> usersOf(UUID volume);
}
