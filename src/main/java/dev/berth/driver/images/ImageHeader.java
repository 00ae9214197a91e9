package dev.berth.driver.images;

import dev.berth.driver.ImageFormat;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * What the bytes of an image say, read by our own hand before any tool sees them. Follows QEMU's docs/interop/qcow2.rst and
 * ECMA-119 (ISO 9660).
 *
 * @param virtualSize size of the disk that a guest sees, as far as the header tells
 */
record ImageHeader(ImageFormat format, long virtualSize) {
    private static final int HEAD = 4096;
    private static final int SECTOR = 512;
    private static final int ISO_DESCRIPTOR = 0x8000;
    private static final String CONVERT = "convert it to qcow2 first: qemu-img convert -O qcow2";
    private static final String UNPACK = "unpack it first";

    /** Formats that we know and do not take: they refer to other files, have parsers with a history, or are no disks. */
    private static final List<Foreign> FOREIGN = List.of(
            new Foreign("a VMDK image", 0, "KDMV", CONVERT),
            new Foreign("a VMDK image", 0, "COWD", CONVERT),
            new Foreign("a VMDK image", 0, "# Disk DescriptorFile", CONVERT),
            new Foreign("a VHDX image", 0, "vhdxfile", CONVERT),
            new Foreign("a VHD image", 0, "conectix", CONVERT),
            new Foreign("a VDI image", 0x40, "\u007f\u0010\u00da\u00be", CONVERT),
            new Foreign("a QED image", 0, "QED\0", CONVERT),
            new Foreign("a Parallels image", 0, "WithoutFreeSpace", CONVERT),
            new Foreign("a Parallels image", 0, "WithouFreSpacExt", CONVERT),
            new Foreign("a bochs image", 0, "Bochs Virtual HD Image", CONVERT),
            new Foreign("a cloop image", 0, "#!/bin/sh\n#V2.0 Format", CONVERT),
            new Foreign("a DMG image", 0, "koly", CONVERT),
            new Foreign("an encrypted LUKS volume", 0, "LUKS\u00ba\u00be", "decrypt it first"),
            new Foreign("an encrypted LUKS volume", 0, "SKUL\u00ba\u00be", "decrypt it first"),
            new Foreign("a tar archive (an OVA, perhaps)", 257, "ustar", UNPACK),
            new Foreign("a zip archive", 0, "PK\u0003\u0004", UNPACK),
            new Foreign("a 7z archive", 0, "7z\u00bc\u00af\u0027\u001c", UNPACK),
            new Foreign("compressed with bzip2", 0, "BZh", "pack it with gzip, xz or zstd"),
            new Foreign("compressed twice", 0, "\u001f\u008b", UNPACK),
            new Foreign("compressed twice", 0, "\u00fd7zXZ\0", UNPACK),
            new Foreign("compressed twice", 0, "(\u00b5/\u00fd", UNPACK),
            new Foreign("a web page", 0, "<!DOCTYPE", "check the address"),
            new Foreign("a web page", 0, "<!doctype", "check the address"),
            new Foreign("a web page", 0, "<html", "check the address"));

    private record Foreign(String name, int offset, String magic, String advice) {
        boolean matches(byte[] head) {
            return head.length >= offset + magic.length()
                    && new String(head, offset, magic.length(), StandardCharsets.ISO_8859_1).equals(magic);
        }
    }

    /**
     * Looks at a file.
     *
     * @throws BerthException IMAGE_REFUSED with a sentence that says why
     */
    static ImageHeader read(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] head = new byte[(int) Math.min(HEAD, in.length())];
            in.readFully(head);
            refuseForeign(head);
            if (head.length < SECTOR) {
                throw refused("It has only " + in.length() + " bytes; no disk is that small.");
            }
            refuseFooters(in);
            boolean iso = isIso(in);
            if (ByteBuffer.wrap(head).getInt() == Qcow2Header.MAGIC) {
                if (iso) {
                    throw refused("It is a qcow2 image and an ISO image at once; such files are made to deceive.");
                }
                Qcow2Header header = Qcow2Header.read(in);
                Qcow2Tables.check(in, header);
                return new ImageHeader(ImageFormat.QCOW2, header.virtualSize());
            }
            return new ImageHeader(iso ? ImageFormat.ISO : ImageFormat.RAW, in.length());
        }
    }

    private static void refuseForeign(byte[] head) {
        for (Foreign foreign : FOREIGN) {
            if (foreign.matches(head)) {
                throw refused("It is " + foreign.name() + "; " + foreign.advice() + ".");
            }
        }
    }

    /** Fixed VHD and DMG images have their marks in the last sector only. */
    private static void refuseFooters(RandomAccessFile in) throws IOException {
        byte[] last = new byte[SECTOR];
        in.seek(in.length() - SECTOR);
        in.readFully(last);
        String text = new String(last, StandardCharsets.ISO_8859_1);
        if (text.startsWith("conectix") || text.startsWith("koly")) {
            throw refused("It is a " + (text.startsWith("koly") ? "DMG" : "VHD") + " image; " + CONVERT + ".");
        }
    }

    private static boolean isIso(RandomAccessFile in) throws IOException {
        if (in.length() < ISO_DESCRIPTOR + 2048) {
            return false;
        }
        byte[] descriptor = new byte[2048];
        in.seek(ISO_DESCRIPTOR);
        in.readFully(descriptor);
        if (!new String(descriptor, 1, 5, StandardCharsets.ISO_8859_1).equals("CD001")) {
            return false;
        }
        ByteBuffer fields = ByteBuffer.wrap(descriptor).order(ByteOrder.LITTLE_ENDIAN);
        long blocks = fields.getInt(80) & 0xffff_ffffL;
        long blockSize = fields.getShort(128) & 0xffff;
        if (descriptor[0] == 1 && blocks * blockSize > in.length()) {
            throw refused("It is a truncated ISO image: it should have " + blocks * blockSize + " bytes and has "
                    + in.length() + ".");
        }
        return true;
    }

    static BerthException refused(String why) {
        return BerthException.of(ErrorCode.IMAGE_REFUSED, "The image was refused. " + why);
    }
}
