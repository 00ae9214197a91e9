package dev.berth.driver.libvirt;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Finds out how guests can run here: KVM only if its device opens, the processor says that it can, and a guest of 512 bytes
 * really boots.
 *
 * <p>The device alone proves nothing: inside some clouds it opens although stock guests hang on it.
 */
public final class AcceleratorProbe {
    private static final Duration BOOT_LIMIT = Duration.ofSeconds(10);
    private static final Pattern VIRTUALIZATION = Pattern.compile("(?m)^flags\\s*:.*\\b(vmx|svm)\\b");
    private static final String EMULATED = "QEMU translates guest code, which is much slower. ";

    /** {@code mov dx,0xf4; mov al,0x10; out dx,al; hlt; jmp $-1}: writes 16 to the debug-exit device. */
    private static final byte[] GUEST = {
        (byte) 0xba, (byte) 0xf4, 0x00, (byte) 0xb0, 0x10, (byte) 0xee, (byte) 0xf4, (byte) 0xeb, (byte) 0xfd
    };

    /** What QEMU's isa-debug-exit makes of 16: {@code (value << 1) | 1}. */
    private static final int GUEST_SAID_HELLO = 33;

    private final Path kvmDevice;
    private final Path cpuInfo;

    public AcceleratorProbe() {
        this(Path.of("/dev/kvm"), Path.of("/proc/cpuinfo"));
    }

    AcceleratorProbe(Path kvmDevice, Path cpuInfo) {
        this.kvmDevice = kvmDevice;
        this.cpuInfo = cpuInfo;
    }

    /** What an administrator asks for. */
    public enum Choice {
        AUTO,
        KVM,
        TCG;

        /** Reads {@code auto}, {@code kvm} or {@code tcg}. */
        public static Choice parse(String text) {
            try {
                return valueOf(text.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw BerthException.of(
                        ErrorCode.INVALID_ARGUMENT,
                        "The accelerator is 'auto', 'kvm' or 'tcg', not '" + text + "'.",
                        e);
            }
        }
    }

    /** Decides; probes only when asked to choose itself. */
    public Accelerator decide(Choice choice) {
        return switch (choice) {
            case KVM -> new Accelerator(Accelerator.Kind.KVM, "chosen by configuration; not probed");
            case TCG -> new Accelerator(Accelerator.Kind.TCG, EMULATED + "Chosen by configuration.");
            case AUTO -> probe();
        };
    }

    private Accelerator probe() {
        if (!opens()) {
            return translated(
                    "/dev/kvm cannot be opened: load the module kvm_intel or kvm_amd, or switch on virtualization in the"
                            + " machine's firmware.");
        }
        if (!processorCan()) {
            return translated("/dev/kvm opens, but the processor shows neither vmx nor svm; guests would hang on it.");
        }
        if (!boots("kvm", "host", BOOT_LIMIT)) {
            return translated(
                    "/dev/kvm opens, but a tiny guest did not boot on it within " + BOOT_LIMIT.toSeconds() + " s.");
        }
        return new Accelerator(Accelerator.Kind.KVM, "a tiny guest booted on /dev/kvm");
    }

    private static Accelerator translated(String reason) {
        return new Accelerator(Accelerator.Kind.TCG, EMULATED + "Reason: " + reason);
    }

    private boolean opens() {
        // Not RandomAccessFile: that would make a plain file where there is no device.
        try (FileChannel device = FileChannel.open(kvmDevice, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return device.isOpen();
        } catch (IOException e) {
            return false;
        }
    }

    private boolean processorCan() {
        try {
            return VIRTUALIZATION.matcher(Files.readString(cpuInfo)).find();
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether QEMU boots the tiny guest with an accelerator. */
    static boolean boots(String accelerator, String cpu, Duration limit) {
        try {
            Path sector = Files.createTempFile("berth-probe", ".raw");
            try {
                Files.write(sector, bootSector());
                return run(sector, accelerator, cpu, limit) == GUEST_SAID_HELLO;
            } finally {
                Files.deleteIfExists(sector);
            }
        } catch (IOException e) {
            System.getLogger(AcceleratorProbe.class.getName()).log(System.Logger.Level.WARNING, "cannot run QEMU", e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static byte[] bootSector() {
        byte[] sector = new byte[512];
        System.arraycopy(GUEST, 0, sector, 0, GUEST.length);
        sector[510] = 0x55;
        sector[511] = (byte) 0xaa;
        return sector;
    }

    private static int run(Path sector, String accelerator, String cpu, Duration limit)
            throws IOException, InterruptedException {
        Process qemu = new ProcessBuilder(List.of(
                        "qemu-system-x86_64",
                        "-nodefaults",
                        "-no-user-config",
                        "-display",
                        "none",
                        "-m",
                        "16",
                        "-machine",
                        "pc,accel=" + accelerator,
                        "-cpu",
                        cpu,
                        "-device",
                        "isa-debug-exit,iobase=0xf4,iosize=0x04",
                        "-drive",
                        "file=" + sector + ",format=raw,if=ide,snapshot=on"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return qemu.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) ? qemu.exitValue() : -1;
        } finally {
            qemu.destroyForcibly();
        }
    }
}
