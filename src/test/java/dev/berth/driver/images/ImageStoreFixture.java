package dev.berth.driver.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.ImageImport;
import dev.berth.driver.ImageSource;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoreLayout;
import dev.berth.driver.StoredImage;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An image store in a directory of a test. */
final class ImageStoreFixture {
    static final long MOST = 256L << 20;
    private static final Duration SECOND = Duration.ofSeconds(1);
    final StoreLayout layout;
    final FileImages images;

    ImageStoreFixture(Path state) throws IOException {
        this(state, Path.of("/bin/false"), List.of());
    }

    ImageStoreFixture(Path state, Path imageBuild, List<Path> allowed) throws IOException {
        this.layout = new StoreLayout(state);
        Files.createDirectories(layout.images());
        Download.Patience patience = new Download.Patience(
                SECOND.multipliedBy(3), SECOND.multipliedBy(5), SECOND, SECOND.multipliedBy(30), SECOND.dividedBy(100));
        this.images = new FileImages(
                layout,
                new ImageArrival(layout, imageBuild, allowed, patience, new QemuImgInfo(), LayeredImages.NONE),
                LayeredImages.NONE);
    }

    UUID upload(byte[] content) {
        UUID upload = UUID.randomUUID();
        int part = 4 << 20;
        for (int at = 0; at < content.length; at += part) {
            images.appendUpload(upload, at, Arrays.copyOfRange(content, at, Math.min(content.length, at + part)));
        }
        if (content.length == 0) {
            images.appendUpload(upload, 0, content);
        }
        return upload;
    }

    StoredImage bring(ImageSource source) {
        return bring(source, null, MOST);
    }

    StoredImage bring(ImageSource source, @Nullable String sha256, long most) {
        return images.importImage(new ImageImport(UUID.randomUUID(), source, sha256, most), ProgressSink.NONE);
    }

    StoredImage bring(byte[] upload) {
        return bring(new ImageSource.Upload(upload(upload)));
    }

    byte[] stored(StoredImage image) throws IOException {
        return Files.readAllBytes(layout.image(new dev.berth.driver.ImageRef(image.id(), image.format())));
    }

    /** Neither an image nor a part of one nor a directory that one was brought in through. */
    void assertNothingIsLeft() throws IOException {
        assertThat(images.images()).isEmpty();
        try (Stream<Path> files = Files.list(layout.images())) {
            assertThat(files.toList()).isEmpty();
        }
    }

    static void fails(ErrorCode code, String reason, Runnable action) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        BerthException.class,
                        e -> assertThat(e.code()).as(e.message()).isEqualTo(code))
                .hasMessageContaining(reason);
    }

    static String sha256(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }
}
