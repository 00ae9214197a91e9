package dev.berth.driver.images;

import dev.berth.driver.ImageFormat;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What the first bytes of an image say, read by our own hand before any tool sees them. Follows QEMU's
 * docs/interop/qcow2.rst and ECMA-119 (ISO 9660).
 *
 * @param virtualSize size of the disk that a guest sees, as far as the header tells
 */
record ImageHeader(ImageFormat format, long virtualSize) {
    private static final int HEAD = 4096;
    private static final int QCOW2_MAGIC = 0x514649fb;
    private static final int ISO_DESCRIPTOR = 0x8000;
    private static final long MOST_VIRTUAL = 1L << 50;
    /** dirty, corrupt (repairable or not, refused), external data file (refused), compression type, extended L2. */
    private static final long KNOWN_INCOMPATIBLE = 1 | 1 << 3 | 1 << 4;

    private static final long EXTERNAL_DATA = 1 << 2;
    private static final int EXTERNAL_DATA_NAME = 0x44415441;

    /** Formats that we know and do not take, because they refer to other files or have parsers with a history. */
    private static final List<Foreign> FOREIGN = List.of(
            new Foreign("VMDK", 0, "KDMV"),
            new Foreign("VMDK", 0, "COWD"),
            new Foreign("VMDK", 0, "# Disk DescriptorFile"),
            new Foreign("VHDX", 0, "vhdxfile"),
            new Foreign("VHD", 0, "conectix"),
            new Foreign("VDI", 0x40, "\u007f\u0010\u00da\u00be"),
            new Foreign("QED", 0, "QED\0"),
            new Foreign("Parallels", 0, "WithoutFreeSpace"),
            new Foreign("Parallels", 0, "WithouFreSpacExt"),
            new Foreign("bochs", 0, "Bochs Virtual HD Image"),
            new Foreign("cloop", 0, "#!/bin/sh\n#V2.0 Format"),
            new Foreign("DMG", 0, "koly"),
            new Foreign("LUKS", 0, "LUKS\u00ba\u00be"));

    private record Foreign(String name, int offset, String magic) {}

    /**
     * Looks at a file.
     *
     * @throws BerthException IMAGE_REFUSED with a sentence that says why
     */
    static ImageHeader read(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] head = new byte[(int) Math.min(HEAD, in.length())];
            in.readFully(head);
            if (head.length < 512) {
                throw refused("It has only " + in.length() + " bytes; no disk is that small.");
            }
            refuseForeign(head);
            boolean iso = isIso(in);
            if (ByteBuffer.wrap(head).getInt() == QCOW2_MAGIC) {
                if (iso) {
                    throw refused("It is a qcow2 image and an ISO image at once; such files are made to deceive.");
                }
                return qcow2(head, in.length());
            }
            if (iso) {
                return new ImageHeader(ImageFormat.ISO, in.length());
            }
            return new ImageHeader(ImageFormat.RAW, in.length());
        }
    }

    private static void refuseForeign(byte[] head) {
        for (Foreign foreign : FOREIGN) {
            byte[] magic = foreign.magic().getBytes(StandardCharsets.ISO_8859_1);
            if (head.length >= foreign.offset() + magic.length
                    && new String(head, foreign.offset(), magic.length, StandardCharsets.ISO_8859_1)
                            .equals(foreign.magic())) {
                throw refused(
                        "It is a " + foreign.name() + " image; convert it to qcow2 first: qemu-img convert -O qcow2.");
            }
        }
    }

    private static boolean isIso(RandomAccessFile in) throws IOException {
        if (in.length() < ISO_DESCRIPTOR + 6) {
            return false;
        }
        byte[] descriptor = new byte[6];
        in.seek(ISO_DESCRIPTOR);
        in.readFully(descriptor);
        return new String(descriptor, 1, 5, StandardCharsets.ISO_8859_1).equals("CD001");
    }

    private static ImageHeader qcow2(byte[] head, long length) {
        ByteBuffer header = ByteBuffer.wrap(head);
        int version = header.getInt(4);
        if (version != 2 && version != 3) {
            throw refused("It is a qcow image of version " + version + "; only versions 2 and 3 are taken.");
        }
        if (header.getLong(8) != 0 || header.getInt(16) != 0) {
            throw refused("It refers to a backing file; flatten it first: qemu-img convert -O qcow2.");
        }
        int clusterBits = header.getInt(20);
        if (clusterBits < 9 || clusterBits > 21) {
            throw refused("Its cluster size is out of range.");
        }
        long virtual = header.getLong(24);
        if (virtual <= 0 || virtual > MOST_VIRTUAL) {
            throw refused("Its virtual size is out of range.");
        }
        if (header.getInt(32) != 0) {
            throw refused("It is encrypted; encrypted images are not supported.");
        }
        tables(header, length);
        if (version == 3) {
            features(header);
            extensions(header, clusterBits);
        } else {
            scanExtensions(header, 72, Math.min(head.length, 1 << clusterBits));
        }
        return new ImageHeader(ImageFormat.QCOW2, virtual);
    }

    private static void tables(ByteBuffer header, long length) {
        long l1 = header.getLong(40);
        long refcounts = header.getLong(48);
        if (l1 < 0 || l1 > length || refcounts <= 0 || refcounts > length) {
            throw refused("Its tables lie outside of the file; it is truncated or corrupt.");
        }
        if (header.getInt(60) != 0) {
            throw refused("It contains internal snapshots; remove them first: qemu-img convert -O qcow2.");
        }
    }

    private static void features(ByteBuffer header) {
        long incompatible = header.getLong(72);
        if ((incompatible & EXTERNAL_DATA) != 0) {
            throw refused("It keeps its data in another file; flatten it first: qemu-img convert -O qcow2.");
        }
        if ((incompatible & ~KNOWN_INCOMPATIBLE) != 0) {
            throw refused(String.format(
                    Locale.ROOT, "It is corrupt or uses features that are not known here (0x%x).", incompatible));
        }
    }

    private static void extensions(ByteBuffer header, int clusterBits) {
        int length = header.getInt(100);
        if (length < 104 || length > HEAD || length % 8 != 0) {
            throw refused("Its header length is out of range.");
        }
        scanExtensions(header, length, Math.min(header.capacity(), 1 << clusterBits));
    }

    private static void scanExtensions(ByteBuffer header, int from, int end) {
        int at = from;
        while (at + 8 <= end) {
            int type = header.getInt(at);
            int size = header.getInt(at + 4);
            if (type == 0) {
                return;
            }
            if (type == EXTERNAL_DATA_NAME) {
                throw refused("It names an external data file; flatten it first: qemu-img convert -O qcow2.");
            }
            if (size < 0 || size > end - at - 8) {
                return;
            }
            at += 8 + (size + 7) / 8 * 8;
        }
    }

    static BerthException refused(String why) {
        return BerthException.of(ErrorCode.IMAGE_REFUSED, "The image was refused. " + why);
    }
}
