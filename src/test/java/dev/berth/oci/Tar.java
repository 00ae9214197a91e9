package dev.berth.oci;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes tar archives by hand, so that they can be as wrong as a test wants them. */
final class Tar {
    private static final int BLOCK = 512;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int mode = 0644;
    private long uid;
    private long time = 1_600_000_000;

    Tar mode(int mode) {
        this.mode = mode;
        return this;
    }

    Tar owner(long uid) {
        this.uid = uid;
        return this;
    }

    Tar time(long time) {
        this.time = time;
        return this;
    }

    Tar directory(String name) {
        int file = mode;
        mode = 0755;
        entry(name, '5', "", new byte[0], 0);
        mode = file;
        return this;
    }

    Tar file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    Tar file(String name, byte[] content) {
        return entry(name, '0', "", content, content.length);
    }

    Tar symlink(String name, String target) {
        return entry(name, '2', target, new byte[0], 0);
    }

    Tar hardLink(String name, String target) {
        return entry(name, '1', target, new byte[0], 0);
    }

    /** Type 3 is a character device, 4 a block device, 6 a pipe. */
    Tar special(String name, char type) {
        return entry(name, type, "", new byte[0], 0);
    }

    /** An entry that claims a size, whatever follows. */
    Tar claiming(String name, long size) {
        return entry(name, '0', "", new byte[0], size);
    }

    /** Attributes of the next entry, in PAX form. */
    Tar pax(Map<String, String> attributes) {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        attributes.forEach((key, value) -> records.writeBytes(record(key, value)));
        return entry("PaxHeaders/x", 'x', "", records.toByteArray(), records.size());
    }

    /** An access list for the owner, one user of an id, the group and others, as an attribute's value. */
    static String accessList(int user) {
        ByteBuffer list = ByteBuffer.allocate(4 + 5 * 8).order(ByteOrder.LITTLE_ENDIAN);
        list.putInt(2);
        int[][] entries = {{1, 7, -1}, {2, 4, user}, {4, 5, -1}, {16, 5, -1}, {32, 0, -1}};
        for (int[] entry : entries) {
            list.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]);
        }
        return new String(list.array(), StandardCharsets.ISO_8859_1);
    }

    private static byte[] record(String key, String value) {
        byte[] rest = (" " + key + "=" + value + "\n").getBytes(StandardCharsets.ISO_8859_1);
        int length = rest.length + 1;
        while (String.valueOf(length).length() + rest.length != length) {
            length++;
        }
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        record.writeBytes(String.valueOf(length).getBytes(StandardCharsets.US_ASCII));
        record.writeBytes(rest);
        return record.toByteArray();
    }

    Tar raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    private Tar entry(String name, char type, String link, byte[] content, long size) {
        byte[] header = new byte[BLOCK];
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        if (path.length > 100) {
            entry("././@LongLink", 'L', "", path, path.length);
        }
        put(header, 0, path, 100);
        octal(header, 100, 8, mode);
        octal(header, 108, 8, uid);
        octal(header, 116, 8, uid);
        octal(header, 124, 12, size);
        octal(header, 136, 12, time);
        header[156] = (byte) type;
        put(header, 157, link.getBytes(StandardCharsets.UTF_8), 100);
        put(header, 257, "ustar\00000".getBytes(StandardCharsets.US_ASCII), 8);
        put(header, 148, "        ".getBytes(StandardCharsets.US_ASCII), 8);
        long sum = 0;
        for (byte one : header) {
            sum += one & 0xff;
        }
        put(header, 148, String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII), 8);
        out.writeBytes(header);
        out.writeBytes(content);
        out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
        return this;
    }

    private static void put(byte[] header, int at, byte[] bytes, int most) {
        System.arraycopy(bytes, 0, header, at, Math.min(most, bytes.length));
    }

    /** Numbers too big for octal digits are written in base 256. */
    private static void octal(byte[] header, int at, int length, long value) {
        String digits = Long.toOctalString(value);
        if (digits.length() < length) {
            put(
                    header,
                    at,
                    "0".repeat(length - 1 - digits.length()).concat(digits).getBytes(StandardCharsets.US_ASCII),
                    length - 1);
            return;
        }
        header[at] = (byte) 0x80;
        for (int i = 0; i < Math.min(8, length - 1); i++) {
            header[at + length - 1 - i] = (byte) (value >>> 8 * i);
        }
    }

    /** The archive, with its end. */
    byte[] bytes() {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(out.toByteArray());
        whole.writeBytes(new byte[2 * BLOCK]);
        return whole.toByteArray();
    }

    /** The archive, cut off. */
    byte[] unfinished() {
        return out.toByteArray();
    }
}
