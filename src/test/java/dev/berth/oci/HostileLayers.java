package dev.berth.oci;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Layers that mean harm, and what is said of them. Each is made when it is needed. */
final class HostileLayers {
    private static final String ABOVE = "../".repeat(12);
    private static final String BEHIND = "passes through something that is no directory";

    private HostileLayers() {}

    /**
     * One of them.
     *
     * @param reason part of the refusal
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Case(String name, byte[] layer, String reason) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> all(String canary) {
        List<Case> cases = new ArrayList<>();
        paths(cases, canary);
        links(cases, canary);
        kinds(cases);
        whiteouts(cases);
        collisions(cases);
        sizes(cases);
        attributes(cases);
        streams(cases);
        return cases;
    }

    private static void add(List<Case> cases, String name, Tar layer, String reason) {
        cases.add(new Case(name, layer.bytes(), reason));
    }

    private static void paths(List<Case> cases, String canary) {
        add(cases, "parent", new Tar().file(ABOVE + canary, "x"), "goes up with '..'");
        add(cases, "parent in the middle", new Tar().file("a/../" + ABOVE + canary, "x"), "goes up with '..'");
        add(cases, "parent that stays inside", new Tar().directory("a").file("a/../b", "x"), "goes up with '..'");
        add(cases, "absolute", new Tar().file(canary, "x"), "is absolute");
        add(cases, "absolute with more slashes", new Tar().file("//" + canary, "x"), "is absolute");
        add(
                cases,
                "absolute by attribute",
                new Tar().pax(Map.of("path", canary)).file("b", "x"),
                "is absolute");
        add(cases, "parent by attribute", new Tar().pax(Map.of("path", "../x")).file("b", "x"), "goes up with '..'");
        add(cases, "root that is a file", new Tar().file(".", "x"), "root of the archive is no directory");
        add(cases, "root that is a link", new Tar().symlink("./", "/etc"), "root of the archive is no directory");
        add(cases, "deep", new Tar().directory("d/".repeat(300)), "directories deep");
        add(cases, "long name", new Tar().file("n".repeat(300), "x"), "longer than 255");
        add(cases, "long path", new Tar().file(("n".repeat(200) + "/").repeat(30) + "x", "x"), "longer than");
    }

    private static void links(List<Case> cases, String canary) {
        add(cases, "file through absolute link", new Tar().symlink("l", "/").file("l" + canary, "x"), BEHIND);
        add(cases, "file through relative link", new Tar().symlink("l", ABOVE).file("l" + canary, "x"), BEHIND);
        add(
                cases,
                "file through link inside",
                new Tar().directory("d").symlink("l", "d").file("l/x", "x"),
                BEHIND);
        add(cases, "directory through link", new Tar().symlink("l", "/tmp").directory("l/berth"), BEHIND);
        add(
                cases,
                "chain of links",
                new Tar().symlink("a", "b").symlink("b", "/").file("a" + canary, "x"),
                BEHIND);
        add(cases, "hard link to parent", new Tar().hardLink("h", ABOVE + canary), "goes up with '..'");
        add(cases, "absolute hard link", new Tar().hardLink("h", canary), "is absolute");
        add(cases, "hard link through link", new Tar().symlink("l", "/etc").hardLink("h", "l/passwd"), BEHIND);
        add(cases, "hard link to directory", new Tar().directory("d").hardLink("h", "d"), "is no file");
        add(cases, "hard link to nothing", new Tar().hardLink("h", "missing"), "leads to nothing");
        add(cases, "hard link to itself", new Tar().file("h", "x").hardLink("h", "h"), "cannot be made");
        add(
                cases,
                "hard link by attribute",
                new Tar().pax(Map.of("linkpath", canary)).hardLink("h", "x"),
                "is absolute");
        add(cases, "hard link to a whiteout", new Tar().file(".wh.a", "").hardLink("h", "a"), "is no file");
    }

    private static void kinds(List<Case> cases) {
        add(cases, "character device", new Tar().special("null", '3'), "is a device");
        add(cases, "block device", new Tar().special("disk", '4'), "is a device");
        add(cases, "device in dev", new Tar().special("dev/sda", '4'), "is a device");
        add(cases, "whiteout as device", new Tar().special("etc", '3'), "is a device");
    }

    private static void whiteouts(List<Case> cases) {
        String never = "hides a name that cannot be";
        add(cases, "whiteout of nothing", new Tar().file(".wh.", ""), never);
        add(cases, "whiteout of the directory itself", new Tar().file("a/.wh..", ""), never);
        add(cases, "whiteout of the parent", new Tar().file("a/.wh...", ""), never);
        add(cases, "whiteout of a whiteout", new Tar().file(".wh..wh.x", ""), never);
        add(cases, "other marker of aufs", new Tar().file(".wh..wh.plnk", ""), never);
        add(cases, "directory as whiteout", new Tar().directory(".wh.x"), "no plain file");
        add(cases, "link as whiteout", new Tar().symlink(".wh.x", "/etc"), "no plain file");
        add(cases, "link as opaque marker", new Tar().symlink("d/.wh..wh..opq", "/etc"), "no plain file");
        add(cases, "hard link as whiteout", new Tar().file("a", "").hardLink(".wh.x", "a"), "no plain file");
        add(cases, "path through a whiteout", new Tar().file(".wh.x/y", "x"), "passes through a whiteout");
        add(cases, "whiteout through link", new Tar().symlink("l", "/").file("l/.wh.etc", ""), BEHIND);
        add(cases, "opaque through link", new Tar().symlink("l", "/").file("l/.wh..wh..opq", ""), BEHIND);
        add(cases, "file below a whiteout", new Tar().file(".wh.x", "").file("x/y", "y"), BEHIND);
    }

    private static void collisions(List<Case> cases) {
        add(cases, "file over directory", new Tar().directory("d").file("d", "x"), "takes the name of a directory");
        add(cases, "link over directory", new Tar().directory("d").symlink("d", "/etc"), "the name of a directory");
        add(cases, "directory over link", new Tar().symlink("d", "/etc").directory("d"), "the name of another entry");
        add(cases, "directory over file", new Tar().file("d", "x").directory("d"), "the name of another entry");
    }

    private static void sizes(List<Case> cases) {
        add(cases, "huge file", new Tar().claiming("f", 1L << 40), "unpacks to more than");
        add(cases, "negative size", new Tar().claiming("f", Long.MIN_VALUE), "In a layer, ");
        add(cases, "huge sparse file", sparse(), "unpacks to more than");
        add(cases, "many files", many(20_000), "unpacks to more than");
        cases.add(new Case("gzip bomb", OciFixture.gzip(new byte[80 << 20]), "unpacks to more than"));
        add(cases, "owner beyond the range", new Tar().owner(70_000).file("f", "x"), "an owner is outside");
        add(cases, "owner that wraps", new Tar().owner(1L << 32).file("f", "x"), "an owner is outside");
    }

    private static Tar sparse() {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("GNU.sparse.major", "1");
        attributes.put("GNU.sparse.minor", "0");
        attributes.put("GNU.sparse.name", "f");
        attributes.put("GNU.sparse.realsize", Long.toString(1L << 40));
        byte[] map = java.util.Arrays.copyOf("0\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 512);
        return new Tar().pax(attributes).file("GNUSparseFile.0/f", map);
    }

    private static Tar many(int count) {
        Tar tar = new Tar();
        for (int i = 0; i < count; i++) {
            tar.file("f" + i, "x");
        }
        return tar;
    }

    private static void attributes(List<Case> cases) {
        String steers = "steers the host's file system";
        add(cases, "opaque by attribute", attribute("trusted.overlay.opaque", "y"), steers);
        add(cases, "redirect by attribute", attribute("trusted.overlay.redirect", "/etc"), steers);
        add(cases, "overlay by user attribute", attribute("user.overlay.opaque", "y"), steers);
        add(cases, "malformed capability", attribute("security.capability", "x"), "is malformed");
        String access = "system.posix_acl_access";
        add(cases, "access list with an id of nobody", attribute(access, Tar.accessList(65_536)), "is malformed");
        add(
                cases,
                "access list that is cut off",
                attribute(access, Tar.accessList(33).substring(0, 25)),
                "is malformed");
        add(
                cases,
                "access list to be handed down, with an id of nobody",
                attribute("system.posix_acl_default", Tar.accessList(70_000)),
                "is malformed");
        lists(cases);
        add(cases, "big attribute", attribute("user.big", "x".repeat(70_000)), "bytes of attributes");
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < 100; i++) {
            attributes.put("SCHILY.xattr.user.a" + i, "x");
        }
        add(cases, "many attributes", new Tar().pax(attributes).file("f", "x"), "more than 64 attributes");
    }

    /** Access lists as text. */
    private static void lists(List<Case> cases) {
        String base = "user::rwx,group::r-x,other::---";
        add(
                cases,
                "list for an id of nobody",
                list("access", base + ",mask::rwx,user:a:r--:65536"),
                "outside 0 to 65535");
        add(cases, "list for a group of nobody", list("default", base + ",mask::rwx,group:70000:r--"), "outside 0 to");
        add(
                cases,
                "list for an id past all numbers",
                list("access", base + ",mask::rwx,user:9999999999:r--"),
                "outside 0 to");
        add(cases, "list without a mask", list("access", base + ",user:33:r--"), "is malformed");
        add(cases, "list without an owner", list("default", "user:33:r--,mask::rwx,other::---"), "is malformed");
        String many = entries(300, "user:%d:r--");
        add(cases, "list of many", list("access", base + ",mask::rwx," + many), "more than 256 entries");
        add(cases, "list of many nobodies", list("default", "user:x:r--,".repeat(300)), "more than 256 entries");
        add(
                cases,
                "list of many of another kind",
                list("ace", entries(300, "user:%d:r::allow")),
                "more than 256 entries");
        add(
                cases,
                "list of many for a link",
                new Tar().pax(Map.of("SCHILY.acl.access", base + "," + many)).symlink("l", "x"),
                "more than 256 entries");
        // Each entry is compared with all before it: minutes for a header of a megabyte.
        add(
                cases,
                "list that takes minutes to read",
                list("access", entries(90_000, "u:%d:r")),
                "described by more than 131072 bytes");
    }

    private static String entries(int count, String pattern) {
        return IntStream.range(0, count).mapToObj(pattern::formatted).collect(Collectors.joining(","));
    }

    private static Tar list(String kind, String text) {
        return new Tar().pax(Map.of("SCHILY.acl." + kind, text)).directory("f");
    }

    private static Tar attribute(String name, String value) {
        return new Tar().pax(Map.of("SCHILY.xattr." + name, value)).directory("f");
    }

    private static void streams(List<Case> cases) {
        byte[] honest = new Tar().file("f", new byte[5000]).bytes();
        cases.add(new Case("cut off", java.util.Arrays.copyOf(honest, 3000), "is damaged"));
        cases.add(new Case(
                "no archive",
                "x".repeat(20_000).getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                "the archive cannot be read"));
        cases.add(new Case("cut gzip", java.util.Arrays.copyOf(OciFixture.gzip(honest), 40), "compression is damaged"));
        cases.add(new Case("huge window of zstd", window(), "compression is damaged"));
        ByteArrayOutputStream longer = new ByteArrayOutputStream();
        longer.writeBytes(OciFixture.gzip(honest));
        longer.writeBytes(new byte[100]);
        cases.add(new Case("garbage behind gzip", longer.toByteArray(), "compression is damaged"));
    }

    /** A frame that asks for a window of 2 GiB. */
    private static byte[] window() {
        byte[] frame = new byte[64];
        byte[] head = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) 0xa8, 1, 0, 0};
        System.arraycopy(head, 0, frame, 0, head.length);
        return frame;
    }
}
