package dev.berth.driver.lxc;

import dev.berth.driver.Committing;
import dev.berth.driver.ImageRef;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.NetworkSpec;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoredImage;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What the driver needs of the node's other parts. */
public record Surroundings(RootLayers layers, Volumes volumes, Networks networks, Ports ports) {
    /** Where images lie. */
    @FunctionalInterface
    public interface RootLayers {
        /**
         * The unpacked layers of an image, topmost first; files belong to ids from 1,000,000,000.
         *
         * @throws BerthException NOT_FOUND when the image is not in the store
         */
        List<Path> of(ImageRef image);

        /**
         * Makes an image of another one and a further layer.
         *
         * @param layer uncompressed archive; the caller removes it
         */
        default StoredImage commit(ImageRef base, Committing.CommitRequest request, Path layer, ProgressSink progress) {
            throw BerthException.of(ErrorCode.UNSUPPORTED, "This node's images cannot be changed.");
        }
    }

    /** Where volumes lie. */
    public interface Volumes {
        /**
         * The directory of a volume, which stays until {@link #released}; files belong to ids from 1,000,000,000.
         *
         * @throws BerthException NOT_FOUND when there is no such volume
         */
        Path held(UUID volume, UUID instance);

        /** Tells that an instance has ended, so that its volumes need not be kept at hand for it. */
        void released(UUID instance);

        /** A node without volumes. */
        Volumes NONE = new Volumes() {
            @Override
            public Path held(UUID volume, UUID instance) {
                throw BerthException.of(ErrorCode.UNSUPPORTED, "This node has no volumes.");
            }

            @Override
            public void released(UUID instance) {
                // nothing is ever held
            }
        };
    }

    /** What networks there are. */
    @FunctionalInterface
    public interface Networks {
        Optional<NetworkSpec> find(String name);
    }

    /** Rules of what may go in and out at an instance's interfaces, and its published ports. */
    public interface Ports {
        /**
         * Called when an instance is made.
         *
         * @throws BerthException IN_USE when another instance has one of its published ports
         */
        void claim(InstanceDefinition definition);

        /**
         * Called when a definition has changed, and before its interfaces come up.
         *
         * @throws BerthException IN_USE when another instance has one of its published ports
         */
        void guard(InstanceDefinition definition);

        /** Called when its interfaces have come up. */
        void linked(InstanceDefinition definition);

        /** Called when they and the instance are gone. */
        void forget(UUID instance);

        /** Called when the agent has started, with all instances that there are. */
        void recover(List<InstanceDefinition> all);

        /** No rules. */
        Ports NONE = new Ports() {
            @Override
            public void claim(InstanceDefinition definition) {
                // open to all
            }

            @Override
            public void guard(InstanceDefinition definition) {
                // open to all
            }

            @Override
            public void linked(InstanceDefinition definition) {
                // open to all
            }

            @Override
            public void forget(UUID instance) {
                // there were none
            }

            @Override
            public void recover(List<InstanceDefinition> all) {
                // there are none
            }
        };
    }
}
