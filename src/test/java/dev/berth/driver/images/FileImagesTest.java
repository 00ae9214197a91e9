package dev.berth.driver.images;

import static dev.berth.driver.images.ImageStoreFixture.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.ImageFormat;
import dev.berth.driver.ImageImport;
import dev.berth.driver.ImageRef;
import dev.berth.driver.ImageSource;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoredImage;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images on their way into a store on a file system, and what is left there when they are not taken. */
class FileImagesTest {
    @TempDir
    Path directory;

    private Path allowed;
    private ImageStoreFixture store;

    @BeforeEach
    void prepare() throws IOException {
        allowed = Files.createDirectory(directory.resolve("allowed"));
        store = new ImageStoreFixture(directory.resolve("state"), Path.of("/bin/false"), List.of(allowed));
    }

    @Test
    void refusesAWrongChecksumAndKeepsNothing() throws Exception {
        UUID upload = store.upload(Qcow2Bytes.sound());
        fails(
                ErrorCode.CHECKSUM_MISMATCH,
                ImageStoreFixture.sha256(Qcow2Bytes.sound()),
                () -> store.bring(new ImageSource.Upload(upload), "0".repeat(64), ImageStoreFixture.MOST));
        store.assertNothingIsLeft();
    }

    @Test
    void refusesHostileHeadersAndOversizeAndKeepsNothing() throws IOException {
        fails(
                ErrorCode.IMAGE_REFUSED,
                "backing file",
                () -> store.bring(Qcow2Bytes.with(f -> f.putLong(8, 512).putInt(16, 9))));
        store.assertNothingIsLeft();
        byte[] packed = PackedImagesTest.pack(Decompression.GZIP, Qcow2Bytes.withExtension(0x44415441, 9));
        fails(ErrorCode.IMAGE_REFUSED, "data file", () -> store.bring(packed));
        store.assertNothingIsLeft();
        fails(ErrorCode.IMAGE_REFUSED, "0 bytes", () -> store.bring(new byte[0]));
        store.assertNothingIsLeft();
        fails(
                ErrorCode.TOO_LARGE,
                "allowed 1000",
                () -> store.bring(new ImageSource.Upload(store.upload(new byte[1001])), null, 1000));
        store.assertNothingIsLeft();
        byte[] vast = Qcow2Bytes.with(f -> f.putLong(24, 1L << 33).putInt(36, 16));
        fails(
                ErrorCode.IMAGE_REFUSED,
                "virtual size",
                () -> store.bring(new ImageSource.Upload(store.upload(vast)), null, 1 << 20));
        store.assertNothingIsLeft();
        fails(ErrorCode.NOT_FOUND, "", () -> store.bring(new ImageSource.Upload(UUID.randomUUID())));
        store.assertNothingIsLeft();
    }

    @Test
    void importsAllowedLocalFilesOnlyAndLeavesThemAlone() throws IOException {
        Path file = Files.write(allowed.resolve("disk.qcow2"), Qcow2Bytes.sound());
        Path secret = Files.write(directory.resolve("secret"), new byte[4096]);
        Files.createSymbolicLink(allowed.resolve("link"), secret);
        Files.createSymbolicLink(allowed.resolve("inner"), file);
        Files.createDirectory(allowed.resolve("folder"));
        assertThat(store.bring(new ImageSource.LocalFile(file.toString())).format())
                .isEqualTo(ImageFormat.QCOW2);
        assertThat(store.bring(new ImageSource.LocalFile(allowed + "/inner")).format())
                .isEqualTo(ImageFormat.QCOW2);
        assertThat(file).hasBinaryContent(Qcow2Bytes.sound());
        store.images.images().forEach(image -> store.images.deleteImage(image.id()));
        for (String path : List.of(
                secret.toString(),
                allowed + "/../secret",
                allowed + "/link",
                allowed + "/folder",
                allowed + "/nothing",
                allowed + "evil",
                "/proc/self/mem",
                "/dev/zero",
                "relative",
                "",
                "a\0b")) {
            fails(ErrorCode.FORBIDDEN, "--allow-path", () -> store.bring(new ImageSource.LocalFile(path)));
            store.assertNothingIsLeft();
        }
    }

    @Test
    void bringsDownloadsIn() throws IOException {
        byte[] packed = PackedImagesTest.pack(Decompression.XZ, Qcow2Bytes.sound());
        try (StubServer server = StubServer.serving(packed)) {
            StoredImage image = store.bring(new ImageSource.Url(server.url("/../../etc/passwd%00.qcow2"), true, null));
            assertThat(store.stored(image)).isEqualTo(Qcow2Bytes.sound());
            store.images.deleteImage(image.id());
            fails(
                    ErrorCode.ADDRESS_REFUSED,
                    "private",
                    () -> store.bring(new ImageSource.Url(server.url("/"), false, null)));
            store.assertNothingIsLeft();
        }
        try (StubServer server =
                StubServer.start((request, out) -> StubServer.head(out, "404 Gone", "Content-Length: 0"))) {
            fails(ErrorCode.IMAGE_REFUSED, "404", () -> store.bring(new ImageSource.Url(server.url("/"), true, null)));
            store.assertNothingIsLeft();
        }
    }

    private Path recipe(String script) throws IOException {
        Path program =
                Files.writeString(directory.resolve("build-" + UUID.randomUUID()), "#!/bin/sh\nset -e\n" + script);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return program;
    }

    @Test
    void buildsRecipesWithTheirKernel() throws IOException {
        Files.write(directory.resolve("disk"), Qcow2Bytes.sound());
        Path program = recipe(
                "mkdir -p $2; cp " + directory + "/disk $2/disk.qcow2; echo kernel >$2/kernel; echo initrd >$2/initrd\n"
                        + "echo '{\"commandLine\":\"quiet\"}' >$2/image.json\n");
        ImageStoreFixture building = new ImageStoreFixture(directory.resolve("state"), program, List.of());
        StoredImage image = building.bring(new ImageSource.Recipe("tiny"));
        assertThat(image.files()).hasSize(3).allSatisfy(id -> assertThat(Files.list(store.layout.images())
                        .anyMatch(file -> file.getFileName().toString().startsWith(id.toString())))
                .isTrue());
        building.images.deleteImage(image.id());
        building.assertNothingIsLeft();
    }

    @Test
    void keepsNothingOfARecipeThatFails() throws IOException {
        Path failing = recipe("echo trying; mktemp -d; echo no mirror answers; exit 3");
        ImageStoreFixture building = new ImageStoreFixture(directory.resolve("state"), failing, List.of());
        fails(ErrorCode.DRIVER_FAILED, "no mirror answers", () -> building.bring(new ImageSource.Recipe("tiny")));
        building.assertNothingIsLeft();
        Path hostile = recipe(
                "mkdir -p $2; head -c 512 /dev/zero >$2/disk.qcow2; printf '\\121\\106\\111\\373' | dd of=$2/disk.qcow2 conv=notrunc\n"
                        + "echo k >$2/kernel; echo i >$2/initrd; echo '{\"commandLine\":\"quiet\"}' >$2/image.json");
        ImageStoreFixture broken = new ImageStoreFixture(directory.resolve("state"), hostile, List.of());
        fails(ErrorCode.IMAGE_REFUSED, "cluster size", () -> broken.bring(new ImageSource.Recipe("tiny")));
        broken.assertNothingIsLeft();
    }

    @Test
    void importingTwiceIsImportingOnce() throws IOException {
        UUID id = UUID.randomUUID();
        ImageImport request = new ImageImport(
                id, new ImageSource.Upload(store.upload(Qcow2Bytes.sound())), null, ImageStoreFixture.MOST);
        StoredImage first = store.images.importImage(request, ProgressSink.NONE);
        assertThat(store.images.importImage(request, ProgressSink.NONE)).isEqualTo(first);
        assertThat(store.images.images()).hasSize(1);
    }

    @Test
    void deletingEndsAnImportUnderWay() throws Exception {
        UUID id = UUID.randomUUID();
        CountDownLatch begun = new CountDownLatch(1);
        try (StubServer server = StubServer.start((request, out) -> {
            StubServer.head(out, "200 OK", "Content-Length: 10000000");
            out.write(new byte[5000]);
            out.flush();
            begun.countDown();
            Thread.sleep(request.head() ? 0 : 60_000);
        })) {
            ImageImport request =
                    new ImageImport(id, new ImageSource.Url(server.url("/"), true, null), null, ImageStoreFixture.MOST);
            CompletableFuture<StoredImage> import1 =
                    CompletableFuture.supplyAsync(() -> store.images.importImage(request, ProgressSink.NONE));
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            fails(
                    ErrorCode.CANCELLED,
                    "no time",
                    () -> store.images.importImage(request, progress -> {
                        assertThat(progress.stage()).isEqualTo("waiting for the same image");
                        throw BerthException.of(ErrorCode.CANCELLED, "no time");
                    }));
            store.images.deleteImage(id);
            assertThat(import1)
                    .failsWithin(Duration.ofSeconds(1))
                    .withThrowableThat()
                    .withMessageContaining("deleted while");
            store.assertNothingIsLeft();
        }
    }

    @Test
    void refusesToDeleteWhatADiskIsLinkedTo() throws IOException {
        StoredImage image = store.bring(Qcow2Bytes.sound());
        Path instance = Files.createDirectories(store.layout.instance(UUID.randomUUID()));
        String backing =
                store.layout.image(new ImageRef(image.id(), image.format())).toString();
        byte[] name = backing.getBytes(StandardCharsets.UTF_8);
        Path disk = Files.write(
                instance.resolve("disk-1.qcow2"),
                Qcow2Bytes.with(f -> f.putLong(8, 1024).putInt(16, name.length).put(1024, name)));
        fails(ErrorCode.IN_USE, "linked to this image", () -> store.images.deleteImage(image.id()));
        assertThat(store.images.images()).containsExactly(image);
        Files.delete(disk);
        store.images.deleteImage(image.id());
        store.images.deleteImage(image.id());
        store.assertNothingIsLeft();
    }

    @Test
    void uploadsGrowAtTheirEndOnly() {
        UUID upload = UUID.randomUUID();
        assertThat(store.images.uploadSize(upload)).isZero();
        assertThat(store.images.appendUpload(upload, 0, new byte[100])).isEqualTo(100);
        for (long offset : new long[] {0, 99, 101, -1, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> store.images.appendUpload(upload, offset, new byte[10]))
                    .isInstanceOfSatisfying(BerthException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.WRONG_STATE);
                        assertThat(e.details()).containsEntry("offset", 100L);
                    });
        }
        fails(ErrorCode.TOO_LARGE, "4 MiB", () -> store.images.appendUpload(upload, 100, new byte[(4 << 20) + 1]));
        assertThat(store.images.appendUpload(upload, 100, new byte[10])).isEqualTo(110);
        store.images.dropUpload(upload);
        store.images.dropUpload(upload);
        assertThat(store.images.uploadSize(upload)).isZero();
    }

    @Test
    void ofPartsSentAtOnceOneIsTaken() {
        UUID upload = UUID.randomUUID();
        AtomicInteger refused = new AtomicInteger();
        List<CompletableFuture<Void>> parts = IntStream.range(0, 16)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {
                    try {
                        store.images.appendUpload(upload, 0, new byte[1 << 20]);
                    } catch (BerthException e) {
                        refused.incrementAndGet();
                    }
                }))
                .toList();
        parts.forEach(CompletableFuture::join);
        assertThat(refused).hasValue(15);
        assertThat(store.images.uploadSize(upload)).isEqualTo(1 << 20);
    }

    @Test
    void readsImagesInParts() {
        StoredImage image = store.bring(Qcow2Bytes.sound());
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        boolean last = false;
        while (!last) {
            StoredImage.Chunk chunk = store.images.readImage(image.id(), all.size(), 100_000);
            all.writeBytes(chunk.data());
            last = chunk.last();
        }
        assertThat(all.toByteArray()).isEqualTo(Qcow2Bytes.sound());
        assertThat(store.images.readImage(image.id(), 1L << 40, 10).data()).isEmpty();
        fails(ErrorCode.INVALID_ARGUMENT, "begins at 0", () -> store.images.readImage(image.id(), -1, 10));
        fails(ErrorCode.INVALID_ARGUMENT, "4 MiB", () -> store.images.readImage(image.id(), 0, 5 << 20));
        fails(ErrorCode.NOT_FOUND, "", () -> store.images.readImage(UUID.randomUUID(), 0, 10));
    }

    @Test
    void recoveryRemovesWhatWasInterruptedAndNothingElse() throws IOException {
        StoredImage image = store.bring(Qcow2Bytes.sound());
        Path images = store.layout.images();
        Path orphan = Files.write(images.resolve(UUID.randomUUID() + ".kernel"), new byte[10]);
        Path staging = Files.createDirectories(
                images.resolve(ImageArrival.STAGING + UUID.randomUUID()).resolve("built"));
        Path foreign = Files.write(images.resolve("readme.txt"), new byte[10]);
        Path odd = Files.write(images.resolve("odd.json"), new byte[10]);
        UUID fresh = store.upload(new byte[10]);
        UUID old = store.upload(new byte[10]);
        Files.setLastModifiedTime(
                store.layout.upload(old), FileTime.from(Instant.now().minus(Duration.ofDays(4))));
        store.images.recover();
        assertThat(orphan).doesNotExist();
        assertThat(staging.getParent()).doesNotExist();
        assertThat(foreign).exists();
        assertThat(odd).exists();
        assertThat(store.images.images()).containsExactly(image);
        assertThat(store.stored(image)).isEqualTo(Qcow2Bytes.sound());
        assertThat(store.images.uploadSize(fresh)).isEqualTo(10);
        assertThat(store.images.uploadSize(old)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rmdir", "file"})
    void aStoreThatCannotBeWrittenIsAnAnswer(String how) throws IOException {
        Files.delete(store.layout.images());
        if (how.equals("file")) {
            Files.write(store.layout.images(), new byte[1]);
            UUID upload = store.upload(Qcow2Bytes.sound());
            assertThatThrownBy(() -> store.bring(new ImageSource.Upload(upload)))
                    .isInstanceOf(BerthException.class);
        } else {
            assertThat(store.bring(Qcow2Bytes.sound()).format()).isEqualTo(ImageFormat.QCOW2);
        }
    }
}
