package dev.berth.driver.fake;

import dev.berth.driver.ImageDriver;
import dev.berth.driver.ImageFormat;
import dev.berth.driver.ImageImport;
import dev.berth.driver.ImageRef;
import dev.berth.driver.ImageSource;
import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoredImage;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Uuids;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Images of a fake node: uploads are kept and digested, everything else is made up from its source's name. */
final class FakeImages implements ImageDriver {
    private static final long MADE_UP_SIZE = 64L << 20;
    private final FakeBehaviour behaviour;
    private final FakeFleet fleet;
    private final Map<UUID, Kept> kept = new ConcurrentHashMap<>();
    private final Map<UUID, ByteArrayOutputStream> uploads = new ConcurrentHashMap<>();

    FakeImages(FakeFleet fleet) {
        this.fleet = fleet;
        this.behaviour = fleet.behaviour;
    }

    @SuppressWarnings("ArrayRecordComponent") // private, never compared
    private record Kept(StoredImage image, byte[] content) {}

    @Override
    public StoredImage importImage(ImageImport request, ProgressSink progress) {
        Kept known = kept.get(request.id());
        if (known != null) {
            return known.image();
        }
        for (int percent = 0; percent <= 100; percent += 25) {
            progress.report(Progress.bytes("importing", MADE_UP_SIZE * percent / 100, MADE_UP_SIZE));
            behaviour.change("ImageDriver.importImage");
        }
        byte[] content = content(request.source());
        String digest = digest(content);
        String expected = request.sha256();
        if (expected != null && !expected.equals(digest)) {
            throw BerthException.of(
                    ErrorCode.CHECKSUM_MISMATCH, "The image has the SHA-256 " + digest + ", not the expected one.");
        }
        StoredImage image =
                FakeOci.image(request.id(), request.source()).orElseGet(() -> stored(request, digest, content.length));
        kept.put(request.id(), new Kept(image, content));
        return image;
    }

    private byte[] content(ImageSource source) {
        return switch (source) {
            case ImageSource.Upload upload -> {
                ByteArrayOutputStream bytes = uploads.remove(upload.upload());
                if (bytes == null) {
                    throw BerthException.notFound("upload", upload.upload());
                }
                yield bytes.toByteArray();
            }
            case ImageSource.Url url -> url.url().getBytes(java.nio.charset.StandardCharsets.UTF_8);
            case ImageSource.LocalFile file -> file.path().getBytes(java.nio.charset.StandardCharsets.UTF_8);
            case ImageSource.Registry registry ->
                registry.reference().getBytes(java.nio.charset.StandardCharsets.UTF_8);
            case ImageSource.Recipe recipe -> recipe.name().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        };
    }

    private static StoredImage stored(ImageImport request, String digest, int length) {
        boolean iso = request.source().toString().toLowerCase(Locale.ROOT).contains(".iso");
        boolean tiny = request.source() instanceof ImageSource.Recipe recipe
                && recipe.name().equals("tiny");
        StoredImage.Boot boot = tiny
                ? new StoredImage.Boot(
                        new ImageRef(Uuids.next(), ImageFormat.KERNEL),
                        new ImageRef(Uuids.next(), ImageFormat.INITRD),
                        "console=ttyS0")
                : null;
        return new StoredImage(
                request.id(),
                iso ? ImageFormat.ISO : ImageFormat.QCOW2,
                digest,
                new DataSize(Math.max(length, 1)),
                new DataSize(MADE_UP_SIZE),
                boot,
                null);
    }

    Optional<StoredImage> find(UUID id) {
        return Optional.ofNullable(kept.get(id)).map(Kept::image);
    }

    /** Takes an image in that was made on the node. */
    StoredImage keep(StoredImage image) {
        kept.putIfAbsent(image.id(), new Kept(image, new byte[0]));
        return image;
    }

    @Override
    public void deleteImage(UUID id) {
        behaviour.change("ImageDriver.deleteImage");
        boolean used = fleet.all()
                .flatMap(instance -> instance.definition().disks().stream())
                .anyMatch(disk -> disk.image() != null && disk.image().id().equals(id));
        if (used) {
            throw BerthException.of(ErrorCode.IN_USE, "Disks of instances are linked to this image.");
        }
        kept.remove(id);
    }

    @Override
    public List<StoredImage> images() {
        behaviour.look("ImageDriver.images");
        return kept.values().stream().map(Kept::image).toList();
    }

    @Override
    public long appendUpload(UUID upload, long offset, byte[] data) {
        behaviour.look("ImageDriver.appendUpload");
        ByteArrayOutputStream bytes = uploads.computeIfAbsent(upload, id -> new ByteArrayOutputStream());
        synchronized (bytes) {
            if (bytes.size() != offset) {
                throw BerthException.of(
                                ErrorCode.WRONG_STATE, "The upload has " + bytes.size() + " bytes; go on there.")
                        .with("offset", bytes.size());
            }
            bytes.writeBytes(data);
            return bytes.size();
        }
    }

    @Override
    public long uploadSize(UUID upload) {
        ByteArrayOutputStream bytes = uploads.get(upload);
        return bytes == null ? 0 : bytes.size();
    }

    @Override
    public void dropUpload(UUID upload) {
        uploads.remove(upload);
    }

    @Override
    public StoredImage.Chunk readImage(UUID id, long offset, int length) {
        behaviour.look("ImageDriver.readImage");
        Kept found = kept.get(id);
        if (found == null) {
            throw BerthException.notFound("image", id);
        }
        byte[] content = found.content();
        int from = (int) Math.min(offset, content.length);
        int to = Math.min(content.length, from + length);
        return new StoredImage.Chunk(Arrays.copyOfRange(content, from, to), to == content.length);
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
