package dev.berth.oci;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** A look through an archive's names, to see what kind it is; it trusts nothing that it reads. */
final class TarScan {
    private static final int BLOCK = 512;
    private static final int MOST_ENTRIES = 10_000;
    private static final Pattern OF_LAYOUT = Pattern.compile(
            "blobs/?|blobs/sha256/?|blobs/sha256/[0-9a-f]{64}|oci-layout|index\\.json|manifest\\.json|repositories"
                    + "|[0-9a-f]{64}/?|[0-9a-f]{64}(/(layer\\.tar|VERSION|json)|\\.json|\\.tar)");

    private TarScan() {}

    /** Kinds of archives that become images. */
    enum Kind {
        /** An OCI image layout. */
        OCI,
        /** What {@code docker save} wrote before it wrote layouts. */
        DOCKER,
        /** The files of a root file system. */
        ROOT,
        /** No archive at all. */
        NONE
    }

    static Kind of(InputStream in) throws IOException {
        byte[] header = in.readNBytes(BLOCK);
        if (!isHeader(header)) {
            return Kind.NONE;
        }
        boolean layout = false;
        boolean docker = false;
        for (int i = 0; i < MOST_ENTRIES && isHeader(header); i++) {
            String name = name(header);
            if (header[156] != 'x' && header[156] != 'g' && header[156] != 'L') {
                if (!name.isEmpty() && !OF_LAYOUT.matcher(name).matches()) {
                    return Kind.ROOT;
                }
                layout |= name.equals("index.json");
                docker |= name.equals("manifest.json");
            }
            skip(in, size(header));
            header = in.readNBytes(BLOCK);
        }
        return layout ? Kind.OCI : docker ? Kind.DOCKER : Kind.ROOT;
    }

    private static void skip(InputStream in, long size) throws IOException {
        long padded = (size + BLOCK - 1) / BLOCK * BLOCK;
        in.skipNBytes(padded);
    }

    /** Whether the checksum in the header is that of the header; true for nothing but tar. */
    private static boolean isHeader(byte[] header) {
        if (header.length < BLOCK || header[0] == 0) {
            return false;
        }
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        return sum == octal(header, 148, 8);
    }

    private static String name(byte[] header) {
        String name = text(header, 0, 100);
        boolean posix = text(header, 257, 6).startsWith("ustar") && header[262] == 0;
        String prefix = posix ? text(header, 345, 155) : "";
        String whole = prefix.isEmpty() ? name : prefix + "/" + name;
        return whole.startsWith("./") ? whole.substring(2) : whole;
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.ISO_8859_1);
    }

    private static long size(byte[] header) {
        if ((header[124] & 0x80) == 0) {
            return Math.max(0, octal(header, 124, 12));
        }
        long size = 0;
        for (int i = 128; i < 136; i++) {
            size = size << 8 | header[i] & 0xff;
        }
        return Math.max(0, size);
    }

    private static long octal(byte[] header, int from, int length) {
        String digits = text(header, from, length).strip();
        return digits.matches("[0-7]{1,12}") ? Long.parseLong(digits, 8) : -1;
    }
}
