package dev.berth.driver.fake;

import dev.berth.driver.FileEntry;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The file system of a fake container: directories and files in memory, by absolute path. */
final class FakeFiles {
    private static final Instant OLD = Instant.parse("2026-01-01T00:00:00Z");
    private final NavigableMap<String, Node> nodes = new TreeMap<>();

    FakeFiles() {
        for (String directory : List.of("/", "/bin", "/etc", "/root", "/tmp", "/var")) {
            nodes.put(directory, new Node(FileEntry.Type.DIRECTORY, 0755, new byte[0], OLD));
        }
        byte[] release = "PRETTY_NAME=\"Berth fake root\"\nID=fake\n".getBytes(StandardCharsets.UTF_8);
        nodes.put("/etc/os-release", new Node(FileEntry.Type.FILE, 0644, release, OLD));
    }

    private FakeFiles(FakeFiles other) {
        nodes.putAll(other.nodes);
    }

    @SuppressWarnings("ArrayRecordComponent") // private, never compared
    private record Node(FileEntry.Type type, int mode, byte[] content, Instant at) {}

    /** An upload that has not ended. */
    static final class Part {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    }

    synchronized FakeFiles copy() {
        return new FakeFiles(this);
    }

    /** The path without {@code .} and {@code ..}; nothing lies above the root. */
    static String clean(String path) {
        if (!path.startsWith("/") || path.length() > 4096 || path.indexOf('\0') >= 0) {
            throw BerthException.invalid("?path", "A path is absolute and has at most 4096 characters.");
        }
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/")) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return "/" + String.join("/", parts);
    }

    private Node require(String path) {
        Node node = nodes.get(path);
        if (node == null) {
            throw BerthException.notFound("file", path);
        }
        return node;
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    synchronized List<FileEntry> list(String wanted) {
        String path = clean(wanted);
        Node node = require(path);
        if (node.type() != FileEntry.Type.DIRECTORY) {
            return List.of(entry(path, node));
        }
        return nodes.entrySet().stream()
                .filter(e -> !e.getKey().equals("/") && parent(e.getKey()).equals(path))
                .limit(10_000)
                .map(e -> entry(e.getKey(), e.getValue()))
                .toList();
    }

    private static FileEntry entry(String path, Node node) {
        return new FileEntry(path, node.type(), node.mode(), 0, 0, node.content().length, node.at(), null);
    }

    synchronized byte[] read(String wanted) {
        Node node = require(clean(wanted));
        if (node.type() != FileEntry.Type.FILE) {
            throw BerthException.invalid("?path", "'" + wanted + "' is not a regular file.");
        }
        return node.content();
    }

    synchronized void write(String wanted, byte[] content, int mode, Instant now) {
        String path = clean(wanted);
        requireDirectory(parent(path));
        Node old = nodes.get(path);
        if (old != null && old.type() == FileEntry.Type.DIRECTORY) {
            throw BerthException.invalid("?path", "'" + path + "' is a directory.");
        }
        nodes.put(path, new Node(FileEntry.Type.FILE, mode, content, now));
    }

    private void requireDirectory(String path) {
        if (require(path).type() != FileEntry.Type.DIRECTORY) {
            throw BerthException.invalid("?path", "'" + path + "' is not a directory.");
        }
    }

    synchronized void makeDirectory(String wanted, Instant now) {
        String path = clean(wanted);
        Node old = nodes.get(path);
        if (old == null) {
            requireDirectory(parent(path));
            nodes.put(path, new Node(FileEntry.Type.DIRECTORY, 0755, new byte[0], now));
        } else if (old.type() != FileEntry.Type.DIRECTORY) {
            throw BerthException.invalid("?path", "'" + path + "' is there already, and not a directory.");
        }
    }

    synchronized void delete(String wanted) {
        String path = clean(wanted);
        if (path.equals("/")) {
            throw BerthException.invalid("?path", "The root cannot be deleted.");
        }
        if (nodes.containsKey(path)
                && !list(path).stream().allMatch(entry -> entry.path().equals(path))) {
            throw BerthException.of(ErrorCode.WRONG_STATE, "The directory '" + path + "' is not empty.");
        }
        nodes.remove(path);
    }
}
