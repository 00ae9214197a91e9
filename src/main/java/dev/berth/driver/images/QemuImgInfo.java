package dev.berth.driver.images;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.driver.ImageFormat;
import dev.berth.json.BerthJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The second look at an image, by {@code qemu-img info} with the format given, under limits and without network. */
final class QemuImgInfo {
    private QemuImgInfo() {}

    /** The virtual size; IMAGE_REFUSED when the image refers to other files after all, or cannot be read in time. */
    static long virtualSize(Path file, ImageFormat format) throws IOException {
        List<String> command = List.of(
                "prlimit",
                "--as=1073741824",
                "--cpu=10",
                "--core=0",
                "--nofile=64",
                "--",
                "qemu-img",
                "info",
                "--output=json",
                "-f",
                format == ImageFormat.QCOW2 ? "qcow2" : "raw",
                "-U",
                file.toString());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            byte[] output = process.getInputStream().readNBytes(1 << 20);
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw ImageHeader.refused("qemu-img cannot read it within its limits.");
            }
            JsonNode info = BerthJson.mapper().readTree(output);
            JsonNode data = info.path("format-specific").path("data");
            if (info.has("backing-filename") || info.has("full-backing-filename") || data.has("data-file")) {
                throw ImageHeader.refused("It refers to another file.");
            }
            return info.path("virtual-size").asLong();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
