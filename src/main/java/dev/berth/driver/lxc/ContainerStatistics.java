package dev.berth.driver.lxc;

import dev.berth.driver.NicSpec;
import dev.berth.driver.Sample;
import dev.berth.driver.Statistics;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Samples running containers from the files of their control groups and of their interfaces; nobody is asked. */
final class ContainerStatistics implements Statistics {
    private static final Path INTERFACES = Path.of("/sys/class/net");
    private static final long NANOS_PER_MICRO = 1000;

    private final Containers containers;
    private final Clock clock;

    ContainerStatistics(Containers containers, Clock clock) {
        this.containers = containers;
        this.clock = clock;
    }

    @Override
    public List<Sample> sampleAll() {
        List<Sample> samples = new ArrayList<>();
        for (UUID id : containers.known()) {
            RunStatus.alive(containers.files(id))
                    .flatMap(
                            status -> Cgroup.of(id, status.init()).flatMap(cgroup -> sample(id, status.init(), cgroup)))
                    .ifPresent(samples::add);
        }
        return samples;
    }

    private Optional<Sample> sample(UUID id, long init, Cgroup cgroup) {
        return containers.find(id).map(definition -> {
            List<NicSpec> nics = NetworkPlan.interfaces(definition);
            MemoryUse memory = MemoryUse.of(cgroup);
            long[] disk = disk(cgroup);
            return new Sample(
                    id,
                    clock.instant(),
                    cpuNanos(cgroup),
                    memory.resident(),
                    memory.swap(),
                    LayerSpace.of(init).orElse(null),
                    disk[0],
                    disk[1],
                    // What the host sends is what the container receives.
                    network(nics, "tx_bytes"),
                    network(nics, "rx_bytes"));
        });
    }

    private static long cpuNanos(Cgroup cgroup) {
        return cgroup.isVersion1("cpuacct")
                ? cgroup.number("cpuacct", "cpuacct.usage")
                : cgroup.number("cpu", "cpu.stat", "usage_usec") * NANOS_PER_MICRO;
    }

    private static long[] disk(Cgroup cgroup) {
        return cgroup.isVersion1("blkio")
                ? oldDisk(cgroup.read("blkio", "blkio.throttle.io_service_bytes_recursive"))
                : newDisk(cgroup.read("io", "io.stat"));
    }

    /** Lines like {@code 254:0 Read 4096}. */
    static long[] oldDisk(String text) {
        long[] sums = new long[2];
        text.lines()
                .map(line -> line.split(" "))
                .filter(words -> words.length == 3)
                .forEach(words -> {
                    if (words[1].equals("Read")) {
                        sums[0] += Long.parseLong(words[2]);
                    } else if (words[1].equals("Write")) {
                        sums[1] += Long.parseLong(words[2]);
                    }
                });
        return sums;
    }

    /** Lines like {@code 254:0 rbytes=4096 wbytes=0 …}. */
    static long[] newDisk(String text) {
        long[] sums = new long[2];
        for (String word : text.split("\\s+")) {
            if (word.startsWith("rbytes=")) {
                sums[0] += Long.parseLong(word.substring("rbytes=".length()));
            } else if (word.startsWith("wbytes=")) {
                sums[1] += Long.parseLong(word.substring("wbytes=".length()));
            }
        }
        return sums;
    }

    private static long network(List<NicSpec> nics, String counter) {
        long sum = 0;
        for (NicSpec nic : nics) {
            String text = Trees.text(INTERFACES
                            .resolve(NetworkPlan.hostInterface(nic.id()))
                            .resolve("statistics/" + counter))
                    .strip();
            sum += text.isEmpty() ? 0 : Long.parseLong(text);
        }
        return sum;
    }
}
