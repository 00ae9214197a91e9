package dev.berth.container;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.crash.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** An OCI image that a test makes by hand: layers from directories, and any configuration, however strange. */
public final class TestImage {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Path work;
    private final Path layout;
    private final List<String> diffIds = new ArrayList<>();
    private final ArrayNode layers = JSON.createArrayNode();
    private final ObjectNode config = JSON.createObjectNode();
    private Path top;

    private TestImage(Path work) throws IOException {
        this.work = work;
        layout = Files.createDirectories(work.resolve("layout"));
        Files.createDirectories(layout.resolve("blobs/sha256"));
        top = Files.createDirectories(work.resolve("layer-0"));
    }

    /** An image without any file. */
    public static TestImage empty() {
        try {
            return new TestImage(Files.createTempDirectory("berth-image"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An image of static busybox with all of its commands, and a user {@code web} (1000). */
    public static TestImage busybox() {
        TestImage image = empty();
        image.copy("/bin/busybox", "bin/busybox")
                .file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nweb:x:1000:1000::/home:/bin/sh\n", "rw-r--r--")
                .file("etc/group", "root:x:0:\nweb:x:1000:\n", "rw-r--r--");
        for (String applet : Shell.lines("/bin/busybox", "--list")) {
            if (!applet.equals("busybox")) {
                image.link("bin/" + applet, "busybox");
            }
        }
        for (String directory : List.of("dev", "proc", "sys", "tmp", "root", "run", "home", "var")) {
            image.directory(directory);
        }
        image.permissions("tmp", "rwxrwxrwx");
        return image.env("PATH=/bin");
    }

    /** Serves a page on port 80, writes on both streams, and ends with 3 when it is asked to. */
    public static TestImage webServer() {
        return busybox()
                .file("www/index.html", "<h1>Hello from a container</h1>\n", "rw-r--r--")
                .nextLayer()
                .file(
                        "serve",
                        "#!/bin/sh\ntrap 'echo bye; exit 3' TERM\necho serving; echo careful >&2\n"
                                + "httpd -f -p 80 -h /www &\nwhile :; do wait; sleep 1; done\n",
                        "rwxr-xr-x")
                .command("/serve")
                .set("ExposedPorts", "80/tcp");
    }

    public TestImage file(String path, String content, String permissions) {
        try {
            Files.writeString(parent(path), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return permissions(path, permissions);
    }

    public TestImage copy(String from, String path) {
        Shell.run("cp", from, parent(path).toString());
        return this;
    }

    /** Files of random content in a directory, each of so many KiB. */
    public TestImage random(String directory, int files, int kibibytes) {
        directory(directory);
        Shell.run(
                "bash",
                "-c",
                "cd " + top.resolve(directory) + " && head -c " + (long) files * kibibytes * 1024
                        + " /dev/urandom | split -a 4 -d -b " + kibibytes + "K - part");
        return this;
    }

    public TestImage link(String path, String target) {
        try {
            Files.createSymbolicLink(parent(path), Path.of(target));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    public TestImage directory(String path) {
        try {
            Files.createDirectories(top.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    public TestImage remove(String path) {
        Shell.run("rm", "-rf", top.resolve(path).toString());
        return this;
    }

    public TestImage permissions(String path, String permissions) {
        try {
            Files.setPosixFilePermissions(top.resolve(path), PosixFilePermissions.fromString(permissions));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    private Path parent(String path) {
        try {
            Path file = top.resolve(path);
            Files.createDirectories(file.getParent());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is added from now on is another layer. */
    public TestImage nextLayer() {
        pack();
        try {
            top = Files.createDirectories(work.resolve("layer-" + diffIds.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    public TestImage env(String... pairs) {
        return list("Env", pairs);
    }

    public TestImage command(String... command) {
        return list("Cmd", command);
    }

    public TestImage entrypoint(String... entrypoint) {
        return list("Entrypoint", entrypoint);
    }

    /** Any field of the configuration that is a text, such as {@code User}. */
    public TestImage text(String field, String value) {
        config.put(field, value);
        return this;
    }

    /** A field that is an object with these keys, such as {@code ExposedPorts} and {@code Volumes}. */
    public TestImage set(String field, String... keys) {
        ObjectNode object = config.putObject(field);
        for (String key : keys) {
            object.putObject(key);
        }
        return this;
    }

    private TestImage list(String field, String... values) {
        ArrayNode array = config.putArray(field);
        for (String value : values) {
            array.add(value);
        }
        return this;
    }

    /** Packs it and pushes it to a registry; the image cannot be changed afterwards. Returns its reference. */
    public String push(Registry registry, String name) {
        try {
            return registry.push(layout(), name);
        } finally {
            remove();
        }
    }

    /** Packs it as an OCI image layout and returns that directory. */
    public Path layout() {
        pack();
        try {
            ObjectNode image =
                    JSON.createObjectNode().put("architecture", architecture()).put("os", "linux");
            image.set("config", config);
            ObjectNode rootfs = image.putObject("rootfs").put("type", "layers");
            diffIds.forEach(rootfs.putArray("diff_ids")::add);
            ObjectNode manifest = JSON.createObjectNode()
                    .put("schemaVersion", 2)
                    .put("mediaType", "application/vnd.oci.image.manifest.v1+json");
            manifest.set("config", blob(image, "application/vnd.oci.image.config.v1+json"));
            manifest.set("layers", layers);
            ObjectNode index = JSON.createObjectNode().put("schemaVersion", 2);
            index.putArray("manifests").add(blob(manifest, "application/vnd.oci.image.manifest.v1+json"));
            JSON.writeValue(layout.resolve("index.json").toFile(), index);
            Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
            return layout;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Packs it as one tar archive of an image layout. */
    Path archive() {
        Path archive = work.resolve("image.tar");
        Shell.run("tar", "-C", layout().toString(), "-cf", archive.toString(), ".");
        return archive;
    }

    /** Removes everything that was packed. */
    void remove() {
        Shell.run("rm", "-rf", work.toString());
    }

    private static String architecture() {
        return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    }

    private ObjectNode blob(ObjectNode content, String type) throws IOException {
        Path file = Files.write(work.resolve("blob"), JSON.writeValueAsBytes(content));
        return keep(file, type);
    }

    private void pack() {
        try {
            Path tar = work.resolve("layer.tar");
            Shell.run(
                    "tar",
                    "-C",
                    top.toString(),
                    "--owner=0",
                    "--group=0",
                    "--numeric-owner",
                    "-cf",
                    tar.toString(),
                    ".");
            diffIds.add("sha256:" + digest(tar));
            Shell.run("gzip", "-1", "-f", tar.toString());
            layers.add(keep(work.resolve("layer.tar.gz"), "application/vnd.oci.image.layer.v1.tar+gzip"));
            Shell.run("rm", "-rf", top.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Moves a file to where its digest says. */
    private ObjectNode keep(Path file, String type) throws IOException {
        String digest = digest(file);
        long size = Files.size(file);
        Files.move(
                file,
                layout.resolve("blobs/sha256").resolve(digest),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        return JSON.createObjectNode()
                .put("mediaType", type)
                .put("digest", "sha256:" + digest)
                .put("size", size);
    }

    private static String digest(Path file) {
        return Shell.run("sha256sum", file.toString()).substring(0, 64);
    }
}
