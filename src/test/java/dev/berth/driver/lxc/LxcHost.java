package dev.berth.driver.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.driver.ContainerSpec;
import dev.berth.driver.ContractDisks;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.NetworkSpec;
import dev.berth.driver.NicSpec;
import dev.berth.driver.ProcessSpec;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoreLayout;
import dev.berth.driver.VolumeDriver;
import dev.berth.installation.Await;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** A driver on a store of its own. Closing it checks that nothing of its containers is left on the machine. */
public final class LxcHost implements AutoCloseable {
    private final Path state;
    private final LxcSettings settings;
    private final ContainerVolumes volumes;
    private final Surroundings surroundings;
    private LxcDriver driver;
    private final List<InstanceDefinition> made = new ArrayList<>();

    private LxcHost(Path state, DriverPolicy policy, List<NetworkSpec> networks) {
        this.state = state;
        this.settings = settings(state, policy);
        this.volumes = new ContainerVolumes(new StoreLayout(state));
        this.surroundings = new Surroundings(
                new BusyboxLayers(),
                volumes,
                name -> networks.stream().filter(one -> one.name().equals(name)).findFirst(),
                Surroundings.Ports.NONE);
        this.driver = another();
    }

    private static LxcSettings settings(Path state, DriverPolicy policy) {
        return LxcSettings.local(new StoreLayout(state), Path.of("target/native"), policy, Clock.systemUTC());
    }

    public static LxcHost open() {
        return open(DriverPolicy.NONE, List.of());
    }

    static LxcHost open(DriverPolicy policy, List<NetworkSpec> networks) {
        try {
            Path state = Files.createTempDirectory("berth-lxc");
            Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwx--x--x"));
            Optional<String> problem = LxcDriver.problem(settings(state, policy));
            assertThat(problem).as("what this machine lacks").isEmpty();
            return new LxcHost(state, policy, networks);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    public LxcDriver driver() {
        return driver;
    }

    ContainerVolumes volumes() {
        return volumes;
    }

    /** A new volume of this node. */
    UUID volume(int mebibytes) {
        UUID id = UUID.randomUUID();
        volumes.ensureVolume(new VolumeDriver.VolumeSpec(id, DataSize.ofMebibytes(mebibytes)));
        return id;
    }

    /** Takes care of a container that was defined otherwise. */
    void adopt(InstanceDefinition definition) {
        made.add(definition);
    }

    ContainerFiles files(UUID id) {
        return settings.files(id);
    }

    /** Another driver on the same store, as after a restart of the agent. */
    public LxcDriver another() {
        return another(settings);
    }

    private LxcDriver another(LxcSettings with) {
        LxcDriver another = new LxcDriver(with, surroundings, Clock.systemUTC());
        volumes.usedBy(another::usersOf, another::holdersOf);
        return another;
    }

    /** Goes on with another driver on the same store; the first one is gone. */
    LxcDriver restarted() {
        return restarted(settings.booted());
    }

    /** As if the node had booted then. */
    LxcDriver restarted(Instant booted) {
        driver.close();
        driver = another(new LxcSettings(settings.layout(), settings.programs(), settings.policy(), booted));
        driver.recover();
        return driver;
    }

    /** A container that runs a shell script. */
    static ContainerSpec script(String script) {
        return ContainerSpec.app(ProcessSpec.of("/bin/sh", "-c", script));
    }

    InstanceDefinition definition(ContainerSpec spec, NicSpec... nics) {
        return new InstanceDefinition(
                UUID.randomUUID(),
                "test",
                "contract",
                new CpuCount(1),
                new CpuCount(2),
                DataSize.ofMebibytes(64),
                DataSize.ofMebibytes(128),
                List.of(ContractDisks.ofImage("root", BusyboxRoot.IMAGE, DataSize.ofMebibytes(32))),
                List.of(nics),
                List.of(),
                spec);
    }

    UUID defined(ContainerSpec spec, NicSpec... nics) {
        InstanceDefinition definition = definition(spec, nics);
        made.add(definition);
        driver.define(definition, ProgressSink.NONE);
        return definition.id();
    }

    UUID running(ContainerSpec spec, NicSpec... nics) {
        UUID id = defined(spec, nics);
        driver.start(id);
        return id;
    }

    /** What is still there of containers, anywhere on the machine. */
    List<String> leftovers() {
        List<String> left = new ArrayList<>();
        Trees.list(settings.layout().containers()).stream()
                .filter(path -> !path.getFileName().toString().startsWith("."))
                .forEach(path -> left.add(path.toString()));
        Trees.text(Path.of("/proc/self/mountinfo"))
                .lines()
                .filter(line -> line.contains(state.toString()))
                .forEach(left::add);
        for (Path block : Trees.list(Path.of("/sys/block"))) {
            String backing = Trees.text(block.resolve("loop/backing_file"));
            if (backing.contains(state.toString())) {
                left.add(block + " on " + backing);
            }
        }
        left.addAll(Trees.list(Path.of("/run/lxc/lock").resolve(state.toString().substring(1) + "/containers")).stream()
                .map(Path::toString)
                .toList());
        made.forEach(definition -> left.addAll(traces(definition)));
        return left;
    }

    private static List<String> traces(InstanceDefinition definition) {
        List<String> left = new ArrayList<>();
        definition.nics().forEach(nic -> {
            Path device = Path.of("/sys/class/net", NetworkPlan.hostInterface(nic.id()));
            if (Files.exists(device)) {
                left.add(device.toString());
            }
        });
        try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            hierarchies
                    .flatMap(one -> Stream.of(
                            one.resolve("berth/" + definition.id()),
                            one.resolve("berth/" + definition.id() + ".monitor")))
                    .filter(Files::exists)
                    .forEach(path -> left.add(path.toString()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return left;
    }

    @Override
    public void close() {
        try {
            made.forEach(definition -> driver.destroy(definition.id()));
            volumes.volumes().forEach(volume -> volumes.removeVolume(volume.id()));
            // The kernel lets go of a loop device a moment after the last process that had it mounted has ended.
            Await.until(Duration.ofSeconds(10), () -> "what nobody removed: " + leftovers(), () -> leftovers()
                    .isEmpty());
        } finally {
            driver.close();
            Trees.delete(state);
        }
    }
}
