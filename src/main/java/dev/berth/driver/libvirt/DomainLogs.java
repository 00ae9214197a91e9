package dev.berth.driver.libvirt;

import dev.berth.driver.Logs;
import dev.berth.driver.NodeFailures;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** The serial log that virtlogd writes beside the disks, and the older part of it that was rotated away. */
final class DomainLogs implements Logs {
    private static final int LIMIT = 4 << 20;

    private final Domains domains;
    private final InstanceStore store;

    DomainLogs(Domains domains, InstanceStore store) {
        this.domains = domains;
        this.store = store;
    }

    @Override
    public byte[] tailLog(UUID id, int maxBytes) {
        int wanted = Math.clamp(maxBytes, 0, LIMIT);
        Path log = store.files(id).serialLog();
        if (!Files.exists(log) && !domains.exists(id)) {
            throw Domains.notFound(id);
        }
        byte[] newest = tail(log, wanted);
        byte[] older = tail(log.resolveSibling(log.getFileName() + ".0"), wanted - newest.length);
        byte[] all = new byte[older.length + newest.length];
        System.arraycopy(older, 0, all, 0, older.length);
        System.arraycopy(newest, 0, all, older.length, newest.length);
        return all;
    }

    private static byte[] tail(Path file, int wanted) {
        if (wanted <= 0 || !Files.isRegularFile(file)) {
            return new byte[0];
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long length = in.length();
            byte[] data = new byte[(int) Math.min(wanted, length)];
            in.seek(length - data.length);
            in.readFully(data);
            return data;
        } catch (IOException e) {
            throw NodeFailures.files("Reading the serial log", e);
        }
    }
}
