package dev.berth.instance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * A boot sector that says one line on the first serial port: proof that firmware booted from a device, for devices that the
 * tiny guest has no drivers for.
 */
final class BootSector {
    /**
     * <pre>
     *        call next                 next: pop si; add si, 31
     *  loop: cs lodsb; test al, al; jz halt; mov ah, al
     *  wait: mov dx, 0x3fd; in al, dx; test al, 0x20; jz wait
     *        mov al, ah; mov dx, 0x3f8; out dx, al; jmp loop
     *  halt: hlt; jmp halt
     * </pre>
     */
    private static final byte[] CODE = HexFormat.of()
            .parseHex("E800005E83C61F" + "2EAC84C0741288C4" + "BAFD03ECA82074F8" + "88E0BAF803EEEBE8" + "F4EBFD");

    private BootSector() {}

    private static byte[] sector(String line) {
        byte[] sector = new byte[512];
        System.arraycopy(CODE, 0, sector, 0, CODE.length);
        byte[] text = (line + "\r\n").getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, sector, CODE.length, text.length);
        sector[510] = 0x55;
        sector[511] = (byte) 0xaa;
        return sector;
    }

    /** A raw disk of one mebibyte. */
    static byte[] disk(String line) {
        byte[] disk = new byte[1 << 20];
        System.arraycopy(sector(line), 0, disk, 0, 512);
        return disk;
    }

    /** An ISO that boots without emulating a disk. */
    static byte[] iso(String line) {
        try {
            Path directory = Files.createTempDirectory("boot");
            Path iso = directory.resolveSibling(directory.getFileName() + ".iso");
            try {
                Files.write(directory.resolve("boot.bin"), sector(line));
                Machines.host(
                        "genisoimage",
                        "-quiet",
                        "-o",
                        iso.toString(),
                        "-b",
                        "boot.bin",
                        "-no-emul-boot",
                        "-boot-load-size",
                        "1",
                        directory.toString());
                return Files.readAllBytes(iso);
            } finally {
                Files.deleteIfExists(directory.resolve("boot.bin"));
                Files.deleteIfExists(directory);
                Files.deleteIfExists(iso);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
