package dev.berth.driver.libvirt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code qemu-img}, always told the format of each file; a format that a guest could have forged is never probed. */
final class QemuImg {
    private static final Duration SHORT = Duration.ofMinutes(2);
    private static final Duration LONG = Duration.ofHours(1);
    private static final Pattern PERCENT = Pattern.compile("\\((\\d+)[.,]\\d+/100%\\)");

    private QemuImg() {}

    /** An immutable file that others are made from. */
    record Base(Path file, String format) {}

    static void createBlank(Path file, DataSize size) {
        Tool.run(SHORT, List.of("qemu-img", "create", "-q", "-f", "qcow2", file.toString(), bytes(size)));
    }

    static void createOverlay(Path file, Base base, DataSize size) {
        Tool.run(
                SHORT,
                List.of(
                        "qemu-img",
                        "create",
                        "-q",
                        "-f",
                        "qcow2",
                        "-b",
                        base.file().toString(),
                        "-F",
                        base.format(),
                        file.toString(),
                        bytes(size)));
    }

    /**
     * Copies a disk into a new qcow2 file.
     *
     * @param backing what the copy shares its unchanged blocks with, or null for a copy that stands alone
     */
    static void copy(Base from, Path to, @Nullable Base backing, String stage, ProgressSink progress) {
        List<String> command = new ArrayList<>(List.of("qemu-img", "convert", "-p", "-U", "-f", from.format()));
        command.addAll(List.of("-O", "qcow2"));
        if (backing != null) {
            command.addAll(List.of("-B", backing.file().toString(), "-F", backing.format()));
        }
        command.addAll(List.of(from.file().toString(), to.toString()));
        Tool.run(LONG, command, line -> {
            Matcher percent = PERCENT.matcher(line);
            if (percent.find()) {
                progress.report(new Progress(stage, Integer.valueOf(percent.group(1)), null, null));
            }
        });
    }

    /** Grows a qcow2 file that no guest has open. */
    static void grow(Path file, DataSize size) {
        Tool.run(SHORT, List.of("qemu-img", "resize", "-q", "-f", "qcow2", file.toString(), bytes(size)));
    }

    static DataSize virtualSize(Base image) {
        return new DataSize(info(image).path("virtual-size").asLong());
    }

    /** The file that a qcow2 disk stands on; empty for one that stands alone. */
    static String backingFile(Path disk) {
        return info(new Base(disk, "qcow2")).path("backing-filename").asText();
    }

    /** Works while a guest has the file open. */
    private static JsonNode info(Base image) {
        String json = Tool.run(
                SHORT,
                List.of(
                        "qemu-img",
                        "info",
                        "-U",
                        "-f",
                        image.format(),
                        "--output=json",
                        image.file().toString()));
        try {
            return BerthJson.mapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw BerthException.of(ErrorCode.DRIVER_FAILED, "qemu-img printed something that is not JSON.", e);
        }
    }

    static void takeSnapshot(Path disk, String name) {
        Tool.run(LONG, List.of("qemu-img", "snapshot", "-q", "-c", name, "--image-opts", options(disk)));
    }

    static void applySnapshot(Path disk, String name) {
        Tool.run(LONG, List.of("qemu-img", "snapshot", "-q", "-a", name, "--image-opts", options(disk)));
    }

    static void deleteSnapshot(Path disk, String name) {
        Tool.run(LONG, List.of("qemu-img", "snapshot", "-q", "-d", name, "--image-opts", options(disk)));
    }

    /** Names of the snapshots within a disk; works while a guest has it open. */
    static List<String> snapshotNames(Path disk) {
        List<String> names = new ArrayList<>();
        info(new Base(disk, "qcow2"))
                .path("snapshots")
                .forEach(snapshot -> names.add(snapshot.path("name").asText()));
        return names;
    }

    /** In this syntax a comma in a file name is written twice. */
    private static String options(Path disk) {
        return "driver=qcow2,file.driver=file,file.filename=" + disk.toString().replace(",", ",,");
    }

    private static String bytes(DataSize size) {
        return Long.toString(size.bytes());
    }
}
