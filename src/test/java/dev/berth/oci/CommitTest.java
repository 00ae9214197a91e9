package dev.berth.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.driver.Committing;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.ContractDisks;
import dev.berth.driver.ExecSpec;
import dev.berth.driver.Executing;
import dev.berth.driver.ImageRef;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.LayerStore;
import dev.berth.driver.ProcessSpec;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.RunState;
import dev.berth.driver.StoredImage;
import dev.berth.driver.lxc.ContainerVolumes;
import dev.berth.driver.lxc.DriverPolicy;
import dev.berth.driver.lxc.LxcDriver;
import dev.berth.driver.lxc.LxcSettings;
import dev.berth.driver.lxc.Surroundings;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.Uuids;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A container's changes become an image that a registry takes, others read, and containers run. Needs root. */
@Tag("lxc")
class CommitTest {
    @TempDir
    Path directory;

    private OciFixture store;
    private LxcDriver driver;
    private final List<UUID> made = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        store = new OciFixture(directory);
        for (Path path : List.of(directory, store.layout.state())) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
        }
        driver = new LxcDriver(
                LxcSettings.local(store.layout, Path.of("target/native"), DriverPolicy.NONE, Clock.systemUTC()),
                new Surroundings(
                        new Layered(store),
                        new ContainerVolumes(store.layout),
                        name -> Optional.empty(),
                        Surroundings.Ports.NONE),
                Clock.systemUTC());
    }

    @AfterEach
    void close() {
        made.forEach(driver::destroy);
        driver.close();
    }

    private record Layered(OciFixture store) implements Surroundings.RootLayers {
        @Override
        public List<Path> of(ImageRef image) {
            return store.oci.directories(OciImages.details(store.oci.require(image.id())));
        }

        @Override
        public StoredImage commit(ImageRef base, Committing.CommitRequest request, Path layer, ProgressSink progress) {
            return store.images.make(
                    request.image(),
                    keeper -> store.oci.commit(store.oci.require(base.id()), request, layer, keeper, progress));
        }
    }

    private static final String TOOLS = """
            for program in setfacl getfacl; do
                cp "$(command -v $program)" root/bin/
                ldd "$(command -v $program)" | grep -o '/[^ ]*' | sort -u | xargs -I {} cp -L --parents {} root
            done
            """;

    private StoredImage busybox() throws Exception {
        String script = """
                set -e
                mkdir -p root/bin root/etc root/proc root/sys root/dev root/tmp root/old/dir root/hidden
                cp "$(command -v busybox)" root/bin/
                for name in sh cat ls rm mkdir ln chown chmod sleep stat mkfifo; do ln -s busybox root/bin/$name; done
                echo 'root:x:0:0::/root:/bin/sh' > root/etc/passwd
                touch root/old/dir/gone root/hidden/below
                %s
                tar --numeric-owner --owner=0 --group=0 -C root -cf root.tar .
                """.formatted(TOOLS);
        Process process = new ProcessBuilder("sh", "-c", script)
                .directory(directory.toFile())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
        return store.upload(Files.readAllBytes(directory.resolve("root.tar")));
    }

    private UUID running(StoredImage image) {
        ContainerSpec app = ContainerSpec.app(ProcessSpec.of("/bin/sh", "-c", "while true; do sleep 1; done"));
        ContainerSpec alone = new ContainerSpec(
                app.mode(),
                app.process(),
                ContainerSpec.NetworkMode.NONE,
                app.restart(),
                app.health(),
                app.limits(),
                app.security(),
                List.of(),
                List.of(),
                Map.of(),
                false,
                null);
        UUID id = Uuids.next();
        made.add(id);
        driver.define(
                new InstanceDefinition(
                        id,
                        "commit",
                        "test",
                        new CpuCount(1),
                        new CpuCount(1),
                        DataSize.ofMebibytes(64),
                        DataSize.ofMebibytes(64),
                        List.of(ContractDisks.ofImage(
                                "root", new ImageRef(image.id(), image.format()), DataSize.ofMebibytes(32))),
                        List.of(),
                        List.of(),
                        alone),
                ProgressSink.NONE);
        driver.start(id);
        return id;
    }

    private String in(UUID id, String script) {
        ExecSpec spec = new ExecSpec(List.of("/bin/sh", "-c", script), List.of(), null, null, false);
        var result = driver.require(Executing.class).exec(id, spec, "", Duration.ofSeconds(60));
        return result.stdout() + result.stderr();
    }

    @Test
    void changesBecomeALayerThatARegistryTakes() throws Exception {
        StoredImage base = busybox();
        UUID id = running(base);
        in(
                id,
                "rm /old/dir/gone; rm -r /hidden; mkdir /hidden; echo new >/new; chown 33:34 /new; chmod 4750 /new;"
                        + " ln /new /same; ln -s /new /soft; mkfifo /pipe");
        StoredImage committed = driver.require(Committing.class)
                .commit(id, new Committing.CommitRequest(Uuids.next(), "a comment", "me"), ProgressSink.NONE);
        assertThat(driver.observe(id).state()).as("it goes on").isEqualTo(RunState.RUNNING);
        assertThat(OciImages.details(committed).layers()).hasSize(2);
        assertThat(OciImages.details(committed).config())
                .isEqualTo(OciImages.details(base).config());

        UUID second = running(committed);
        assertThat(in(second, "cat /new; stat -c %u:%g:%a:%h /new; ls -A /old/dir /hidden; cat /soft; ls -d /pipe"))
                .isEqualTo("new\n33:34:4750:2\n/hidden:\n\n/old/dir:\nnew\n/pipe\n");

        try (RegistryDaemon registry = RegistryDaemon.start(directory.resolve("registry"), null)) {
            LayerStore layers = new OciLayers(store.oci, store.images::images, store.layout);
            String reference = registry.address() + "/committed:1";
            layers.pushImage(committed.id(), new LayerStore.PushTarget(reference, null, true, true), ProgressSink.NONE);
            assertThat(RegistryDaemon.run(
                            "skopeo", "inspect", "--tls-verify=false", "--config", "docker://" + reference))
                    .contains("\"comment\": \"a comment\"", "\"author\": \"me\"");
            RegistryDaemon.run(
                    "skopeo",
                    "copy",
                    "-q",
                    "--src-tls-verify=false",
                    "docker://" + reference,
                    "dir:" + directory.resolve("copy"));
            assertThat(store.pull(reference, null).sha256()).isEqualTo(committed.sha256());
        }
    }

    private String as(String user, UUID id, String... command) {
        var result = driver.require(Executing.class)
                .exec(id, new ExecSpec(List.of(command), List.of(), user, null, false), "", Duration.ofSeconds(60));
        return result.stdout() + result.stderr();
    }

    @Test
    void accessListsGoWithTheImage() throws Exception {
        UUID id = running(busybox());
        String lists = "getfacl -pnc /secret /shared /shared/new | grep -v '^$'";
        assertThat(
                        in(
                                id,
                                "echo said >/secret; chmod 600 /secret; setfacl -m u:33:r,g:44:rw /secret; mkdir /shared;"
                                        + " setfacl -m u:33:rwx,d:u:34:rx /shared; echo plain >/shared/plain; setfacl -b /shared/plain"))
                .isEmpty();
        StoredImage committed = driver.require(Committing.class)
                .commit(id, new Committing.CommitRequest(Uuids.next(), "", "me"), ProgressSink.NONE);

        UUID second = running(committed);
        in(id, "echo new >/shared/new");
        in(second, "echo new >/shared/new");
        assertThat(in(second, lists))
                .contains(
                        "user:33:r--", "group:44:rw-", "mask::rw-", "user:33:rwx", "default:user:34:r-x", "user:34:r-x")
                .isEqualTo(in(id, lists));
        assertThat(in(second, "getfacl -pnc /shared/plain | grep -c ::")).isEqualTo("3\n");
        assertThat(as("33", second, "/bin/cat", "/secret")).isEqualTo("said\n");
        assertThat(as("0:44", second, "/bin/cat", "/secret")).isEqualTo("said\n");
        assertThat(as("34", second, "/bin/cat", "/secret")).contains("Permission denied");
        assertThat(as("33", second, "/bin/mkdir", "/shared/by-33")).isEmpty();
    }
}
