package dev.berth.driver;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something persistent inside a container; exactly one of volume and host path is there.
 *
 * @param volume a volume of the node
 * @param hostPath a file or directory of the node, below a prefix that the agent allows
 * @param target absolute path inside
 * @param copyUp whether an empty volume is filled with what the image has at the target
 */
public record MountSpec(
        @Nullable UUID volume, @Nullable String hostPath, String target, boolean readOnly, boolean copyUp) {}
