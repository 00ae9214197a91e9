package dev.berth.driver.lxc;

import dev.berth.driver.ContainerSpec;
import dev.berth.driver.MountSpec;
import dev.berth.kernel.BerthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The part of a plan that is about what is mounted into a container: volumes, directories of the node, memory. */
final class MountPlan {
    private static final int MOST_MOUNTS = 64;
    private static final int MOST_MODE = 07777;

    private final DriverPolicy policy;
    private final Surroundings.Volumes volumes;

    MountPlan(DriverPolicy policy, Surroundings.Volumes volumes) {
        this.policy = policy;
        this.volumes = volumes;
    }

    void check(UUID instance, ContainerSpec spec) {
        if (spec.mounts().size() + spec.tmpfs().size() > MOST_MOUNTS) {
            throw BerthException.invalid("/spec/mounts", "At most " + MOST_MOUNTS + " mounts are possible.");
        }
        for (MountSpec mount : spec.mounts()) {
            Paths.target("mounts", mount.target());
            if ((mount.volume() == null) == (mount.hostPath() == null)) {
                throw BerthException.invalid("/spec/mounts", "A mount has either a volume or a path of the node.");
            }
            if (mount.hostPath() != null) {
                bound(mount.hostPath());
            }
            if (mount.volume() != null) {
                volumes.held(mount.volume(), instance);
            }
        }
        for (ContainerSpec.Tmpfs tmpfs : spec.tmpfs()) {
            Paths.target("tmpfs", tmpfs.target());
            if (tmpfs.size() <= 0 || tmpfs.mode() < 0 || tmpfs.mode() > MOST_MODE) {
                throw BerthException.invalid("/spec/tmpfs", "A tmpfs has a size, and a mode of at most 07777.");
            }
        }
    }

    void add(Plan plan, UUID instance, ContainerSpec spec) {
        for (MountSpec mount : spec.mounts()) {
            String target = Paths.target("mounts", mount.target());
            String access = mount.readOnly() ? "ro" : "rw";
            UUID volume = mount.volume();
            if (volume != null) {
                String fill = mount.copyUp() && !mount.readOnly() ? ",copy" : "";
                plan.add("mount", volumes.held(volume, instance), target, access + ",idmap" + fill);
            } else {
                Path source = bound(mount.hostPath());
                plan.add("mount", source, target, access + (Files.isDirectory(source) ? "" : ",file"));
            }
        }
        for (ContainerSpec.Tmpfs tmpfs : spec.tmpfs()) {
            plan.add("tmpfs", Paths.target("tmpfs", tmpfs.target()), tmpfs.size(), Integer.toOctalString(tmpfs.mode()));
        }
    }

    /** Where a path of the node really leads to, which has to be below an allowed prefix. */
    private Path bound(@Nullable String hostPath) {
        try {
            Path source = Path.of(String.valueOf(hostPath)).toRealPath();
            for (Path prefix : policy.bindPrefixes()) {
                if (Files.isDirectory(prefix) && source.startsWith(prefix.toRealPath())) {
                    return source;
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            System.getLogger(MountPlan.class.getName()).log(System.Logger.Level.DEBUG, "no such path", e);
        }
        // The same answer for what is not there and what is not allowed, so that nobody can look around.
        throw BerthException.invalid(
                "/spec/mounts", "This node's policy does not allow this path; an administrator allows prefixes.");
    }
}
