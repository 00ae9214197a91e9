package dev.berth.driver.images;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.driver.ImageFormat;
import dev.berth.json.BerthJson;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The second look at an image, by {@code qemu-img info} with the format given, under limits and without network. */
final class QemuImgInfo {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private final List<String> program;
    private final Duration longest;

    QemuImgInfo() {
        this(List.of("qemu-img"), LONGEST);
    }

    /** One that runs another program instead, for less time. */
    QemuImgInfo(List<String> program, Duration longest) {
        this.program = program;
        this.longest = longest;
    }

    /** The virtual size; IMAGE_REFUSED when the image refers to other files after all, or cannot be read in time. */
    long virtualSize(Path file, ImageFormat format) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("prlimit", "--as=1073741824", "--cpu=10", "--core=0", "--nofile=64", "--fsize=0", "--"));
        command.addAll(List.of("unshare", "--net", "--"));
        command.addAll(program);
        command.addAll(List.of("info", "--output=json", "-U", "-f", format == ImageFormat.QCOW2 ? "qcow2" : "raw"));
        command.add(file.toString());
        Program.Result result = Program.run(command, longest, () -> {});
        if (result.status() != 0) {
            throw ImageHeader.refused("qemu-img cannot read it within its limits.");
        }
        JsonNode info = parse(result.output());
        JsonNode data = info.path("format-specific").path("data");
        if (info.has("backing-filename") || info.has("full-backing-filename") || data.has("data-file")) {
            throw ImageHeader.refused("It refers to another file.");
        }
        return info.path("virtual-size").asLong();
    }

    private static JsonNode parse(String output) {
        try {
            return BerthJson.mapper().readTree(output);
        } catch (JsonProcessingException e) {
            throw ImageHeader.refused("qemu-img says nothing sensible about it.");
        }
    }
}
