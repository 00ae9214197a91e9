package dev.berth.driver.libvirt;

import dev.berth.driver.NicSpec;
import dev.berth.driver.NodeFailures;
import dev.berth.driver.Sample;
import dev.berth.driver.Statistics;
import dev.berth.driver.nft.GuardedPort;
import dev.berth.ffi.BlockCounters;
import dev.berth.ffi.VirtConnection;
import dev.berth.kernel.BerthException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Samples running domains without asking libvirt: processes from procfs, interfaces from sysfs.
 *
 * <p>Only block counters come from libvirt, because only QEMU has them. Asking costs about 2 ms per guest (measured), so
 * the more guests there are, the longer the last answer is used again.
 */
final class DomainStatistics implements Statistics {
    private static final Duration BLOCK_INTERVAL = Duration.ofSeconds(4);
    private static final Duration BLOCK_INTERVAL_PER_GUEST = Duration.ofMillis(200);
    private static final Path INTERFACES = Path.of("/sys/class/net");

    private final Domains domains;
    private final Path runDirectory;
    private final Clock clock;
    private Map<UUID, BlockCounters> blocks = Map.of();
    private Instant blocksAt = Instant.MIN;

    DomainStatistics(Domains domains, Path runDirectory, Clock clock) {
        this.domains = domains;
        this.runDirectory = runDirectory;
        this.clock = clock;
    }

    @Override
    public synchronized List<Sample> sampleAll() {
        List<UUID> running = running();
        refreshBlocks(running.size());
        List<Sample> samples = new ArrayList<>();
        for (UUID id : running) {
            QemuProcess.find(runDirectory, id).flatMap(qemu -> sample(id, qemu)).ifPresent(samples::add);
        }
        return samples;
    }

    private List<UUID> running() {
        List<UUID> ids = new ArrayList<>();
        if (!Files.isDirectory(runDirectory)) {
            return ids;
        }
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(runDirectory, DomainMetadata.NAME_PREFIX + "*.pid")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                id(name.substring(DomainMetadata.NAME_PREFIX.length(), name.length() - ".pid".length()))
                        .ifPresent(ids::add);
            }
        } catch (IOException e) {
            throw NodeFailures.files("Reading " + runDirectory, e);
        }
        return ids;
    }

    private static Optional<UUID> id(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<Sample> sample(UUID id, QemuProcess qemu) {
        BlockCounters block = blocks.getOrDefault(id, new BlockCounters(id, 0, 0));
        return qemu.cpuNanos()
                .map(cpu -> new Sample(
                        id,
                        clock.instant(),
                        cpu,
                        qemu.residentBytes(),
                        null,
                        null,
                        block.readBytes(),
                        block.writtenBytes(),
                        // What the host sends into the tap is what the guest receives.
                        network(id, "tx_bytes"),
                        network(id, "rx_bytes")));
    }

    private long network(UUID id, String counter) {
        long sum = 0;
        try {
            for (NicSpec nic : domains.definition(id).nics()) {
                Path file = INTERFACES.resolve(GuardedPort.machine(nic.id())).resolve("statistics/" + counter);
                sum += Long.parseLong(Files.readString(file).strip());
            }
        } catch (IOException | BerthException e) {
            // It has just been stopped, or libvirt is away: as much as was read.
            return sum;
        }
        return sum;
    }

    private void refreshBlocks(int guests) {
        Duration interval = BLOCK_INTERVAL.plus(BLOCK_INTERVAL_PER_GUEST.multipliedBy(guests));
        Instant now = clock.instant();
        if (guests == 0 || now.isBefore(blocksAt.plus(blocksAt.equals(Instant.MIN) ? Duration.ZERO : interval))) {
            return;
        }
        try {
            Map<UUID, BlockCounters> fresh = new HashMap<>(blocks);
            domains.hypervisor()
                    .call(VirtConnection::blockCounters)
                    .forEach(counters -> fresh.put(counters.domain(), counters));
            blocks = fresh;
        } catch (BerthException e) {
            System.getLogger(DomainStatistics.class.getName()).log(System.Logger.Level.DEBUG, "no block counters", e);
        }
        blocksAt = now;
    }
}
