package dev.berth.ffi;

import com.sun.jna.Memory;
import dev.berth.kernel.Threads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The kernel's block device of an image file. It goes by itself after its last use. */
public final class LoopDevice {
    private static final int ATTEMPTS = 200;
    private static final long LOOK_MILLIS = 5;
    private static final int NAME_LIMIT = 63;
    private static final int BLOCK = 4096;
    private static final Path BLOCK_DEVICES = Path.of("/sys/block");
    /** {@code EXT4_IOC_RESIZE_FS}, which no header of user space has. */
    private static final long RESIZE = 0x40086610L;

    private LoopDevice() {}

    /**
     * Mounts an image. One that is in use already, perhaps from another namespace, keeps its device, for two devices of one
     * image would destroy it. The device holds the {@linkplain FileLock image's lock}.
     */
    public static void mount(Path image, Path directory) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Path> device = find(image);
            if (device.isPresent()) {
                Mounts.ext4(device.get(), directory);
                return;
            }
            if (attach(image, directory)) {
                return;
            }
        }
        throw new IllegalStateException("no loop device could be had");
    }

    /** False when somebody else took the device, or has the image. */
    private static boolean attach(Path image, Path directory) {
        try (Descriptor file = Descriptor.open(image, Descriptor.READ_WRITE);
                Descriptor control = Descriptor.open(Path.of("/dev/loop-control"), Descriptor.READ_WRITE);
                Memory config = new Memory(LoopLayout.CONFIG)) {
            if (!file.lock()) {
                Threads.sleep(LOOK_MILLIS);
                return false;
            }
            int number = control.control("LOOP_CTL_GET_FREE", LoopLayout.GET_FREE, 0);
            Path device = Path.of("/dev/loop" + number);
            byte[] name = image.toString().getBytes(StandardCharsets.UTF_8);
            config.clear();
            config.setInt(LoopLayout.CONFIG_FD, file.number());
            config.setInt(LoopLayout.CONFIG_FLAGS, LoopLayout.AUTOCLEAR);
            config.write(LoopLayout.CONFIG_NAME, name, 0, Math.min(name.length, NAME_LIMIT));
            // It is kept open until it is mounted.
            try (Descriptor loop = Descriptor.open(device, Descriptor.READ_WRITE)) {
                loop.control("LOOP_CONFIGURE", LoopLayout.CONFIGURE, config);
                Mounts.ext4(device, directory);
                return true;
            }
        } catch (LinuxException e) {
            if (e.errno() == LinuxException.BUSY) {
                return false;
            }
            throw e;
        }
    }

    /** The device of an image that is in use. */
    public static Optional<Path> find(Path image) {
        try (Stream<Path> devices = Files.list(BLOCK_DEVICES)) {
            String wanted = image.toRealPath().toString();
            List<Path> all =
                    devices.filter(block -> backing(block).equals(wanted)).toList();
            return all.stream()
                    .findFirst()
                    .map(block -> Path.of("/dev", block.getFileName().toString()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String backing(Path block) {
        try {
            return Files.readString(block.resolve("loop/backing_file")).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * Lets the file system that is mounted on a directory fill its image, which has grown.
     *
     * @throws LinuxException NOT_PERMITTED where this process has no {@code CAP_SYS_RESOURCE}
     */
    public static void grow(Path image, Path directory) {
        Path device = find(image).orElseThrow(() -> new IllegalStateException("the image is not mounted"));
        try (Descriptor loop = Descriptor.open(device, Descriptor.READ_WRITE);
                Descriptor top = Descriptor.open(directory, Descriptor.READ);
                Memory number = new Memory(8)) {
            loop.control("LOOP_SET_CAPACITY", LoopLayout.SET_CAPACITY, 0);
            loop.control("BLKGETSIZE64", Integer.toUnsignedLong(LoopLayout.DEVICE_SIZE), number);
            number.setLong(0, number.getLong(0) / blockSize(directory));
            top.control("EXT4_IOC_RESIZE_FS", RESIZE, number);
        }
    }

    private static long blockSize(Path directory) {
        try {
            return Files.getFileStore(directory).getBlockSize();
        } catch (IOException e) {
            return BLOCK;
        }
    }
}
