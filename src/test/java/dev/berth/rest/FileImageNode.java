package dev.berth.rest;

import dev.berth.driver.ImageDriver;
import dev.berth.driver.InstanceDriver;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.LayerStore;
import dev.berth.driver.NetworkDriver;
import dev.berth.driver.NodeDrivers;
import dev.berth.driver.NodeProbe;
import dev.berth.driver.StoreLayout;
import dev.berth.driver.VolumeDriver;
import dev.berth.driver.fake.FakeBehaviour;
import dev.berth.driver.fake.FakeNode;
import dev.berth.driver.images.FileImages;
import dev.berth.wire.CallHook;
import dev.berth.wire.Transport;
import dev.berth.wire.WireServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/** An agent with fake machines and the real image store, reached over its socket like every agent. */
public final class FileImageNode implements QuarkusTestResourceLifecycleManager {
    private static final String STATE = "berth.test.node-state";

    /** The largest image, small enough that bombs go off early. */
    static final long MOST_BYTES = 32L << 20;

    private @Nullable WireServer server;

    /** Where the node keeps its files. */
    static Path store() {
        return Path.of(ConfigProvider.getConfig().getValue(STATE, String.class));
    }

    @Override
    public Map<String, String> start() {
        try {
            Path state = Files.createTempDirectory("berth-node");
            Path socket = state.resolve("agent.sock");
            StoreLayout layout = new StoreLayout(state.resolve("store"));
            Files.createDirectories(layout.images());
            Files.createDirectories(layout.uploads());
            NodeDrivers node = new Node(
                    new FakeNode(new FakeBehaviour(Duration.ofMillis(2)), Clock.systemUTC()),
                    new FileImages(
                            layout, Path.of("/bin/false"), List.of(), dev.berth.driver.images.LayeredImages.NONE));
            server = WireServer.start(new Transport.Unix(socket), node, CallHook.NONE, null);
            return Map.of(
                    "berth.node.local",
                    "unix:" + socket,
                    "berth.image.max-bytes",
                    Long.toString(MOST_BYTES),
                    STATE,
                    layout.state().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        if (server != null) {
            server.close();
        }
    }

    private record Node(FakeNode fake, FileImages files) implements NodeDrivers {
        @Override
        public InstanceDriver instances(InstanceKind kind) {
            return fake.instances(kind);
        }

        @Override
        public NetworkDriver networks() {
            return fake.networks();
        }

        @Override
        public VolumeDriver volumes() {
            return fake.volumes();
        }

        @Override
        public LayerStore layers() {
            return fake.layers();
        }

        @Override
        public NodeProbe probe() {
            return fake.probe();
        }

        @Override
        public ImageDriver images() {
            return files;
        }

        @Override
        public void close() {
            fake.close();
        }
    }
}
