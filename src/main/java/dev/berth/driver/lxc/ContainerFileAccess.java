package dev.berth.driver.lxc;

import dev.berth.driver.FileAccess;
import dev.berth.driver.FileEntry;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.StoredImage;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** Files inside containers, running or stopped. Not one path of a container is resolved in this process. */
final class ContainerFileAccess implements FileAccess {
    private static final int MOST = 4 << 20;
    private static final int MOST_MODE = 07777;
    private static final int MOST_PATH = 4095;
    private static final int WORDS_OF_AN_ENTRY = 3;

    private final Containers containers;
    private final ContainerPlan plan;
    private final Launcher launcher;

    ContainerFileAccess(Containers containers, ContainerPlan plan, Launcher launcher) {
        this.containers = containers;
        this.plan = plan;
        this.launcher = launcher;
    }

    @Override
    public List<FileEntry> listFiles(UUID id, String path) {
        String asked = checked(path);
        List<String> words = words(ask(id, new byte[0], "list", asked));
        boolean directory = words.getFirst().equals("d");
        List<FileEntry> entries = new ArrayList<>();
        for (int i = 1; i + 2 < words.size(); i += WORDS_OF_AN_ENTRY) {
            String name = directory ? (asked.endsWith("/") ? asked : asked + "/") + words.get(i + 1) : asked;
            entries.add(entry(words.get(i), name, words.get(i + 2)));
        }
        return entries;
    }

    private static FileEntry entry(String attributes, String path, String target) {
        String[] fields = attributes.split(" ");
        FileEntry.Type type =
                switch (fields[0]) {
                    case "f" -> FileEntry.Type.FILE;
                    case "d" -> FileEntry.Type.DIRECTORY;
                    case "l" -> FileEntry.Type.LINK;
                    default -> FileEntry.Type.OTHER;
                };
        return new FileEntry(
                path,
                type,
                Integer.parseInt(fields[1], 8),
                Integer.parseUnsignedInt(fields[2]),
                Integer.parseUnsignedInt(fields[3]),
                Long.parseLong(fields[4]),
                Instant.ofEpochSecond(Long.parseLong(fields[5]), Long.parseLong(fields[6])),
                type == FileEntry.Type.LINK ? target : null);
    }

    private static List<String> words(byte[] answer) {
        return Arrays.asList(new String(answer, StandardCharsets.UTF_8).split("\0", -1));
    }

    @Override
    public StoredImage.Chunk readFile(UUID id, String path, long offset, int length) {
        if (offset < 0 || length < 1 || length > MOST) {
            throw BerthException.invalid("", "offset is not negative, length is between 1 and " + MOST + ".");
        }
        byte[] answer = ask(id, new byte[0], "read", checked(path), Long.toString(offset), Integer.toString(length));
        int end = 0;
        while (answer[end] != 0) {
            end++;
        }
        long size = Long.parseLong(new String(answer, 0, end, StandardCharsets.US_ASCII));
        byte[] data = Arrays.copyOfRange(answer, end + 1, answer.length);
        return new StoredImage.Chunk(data, data.length < length || offset + data.length >= size);
    }

    @Override
    public void writeFile(UUID id, FileWrite write, byte[] data) {
        if (data.length > MOST) {
            throw BerthException.of(ErrorCode.TOO_LARGE, "A part has at most " + MOST + " bytes.");
        }
        if (write.offset() < 0 || write.mode() < 0 || write.mode() > MOST_MODE) {
            throw BerthException.invalid("", "offset is not negative, mode is at most 07777.");
        }
        ask(
                id,
                data,
                "write",
                checked(write.path()),
                write.upload().toString(),
                Long.toString(write.offset()),
                Integer.toString(write.mode()),
                write.last() ? "last" : "more");
    }

    @Override
    public void dropUpload(UUID id, String path, UUID upload) {
        ask(id, new byte[0], "drop", checked(path), upload.toString());
    }

    @Override
    public void makeDirectory(UUID id, String path) {
        ask(id, new byte[0], "mkdir", checked(path));
    }

    @Override
    public void deleteFile(UUID id, String path) {
        ask(id, new byte[0], "delete", checked(path));
    }

    private static String checked(String path) {
        if (!path.startsWith("/")
                || path.getBytes(StandardCharsets.UTF_8).length > MOST_PATH
                || path.indexOf('\0') >= 0) {
            throw BerthException.invalid("?path", "A path is absolute and has at most " + MOST_PATH + " bytes.");
        }
        return path;
    }

    private byte[] ask(UUID id, byte[] data, String... words) {
        return containers.answerLocked(id, () -> {
            InstanceDefinition definition = containers.definition(id);
            ContainerFiles files = containers.files(id);
            plan.refresh(definition, files);
            return FileRequest.of(words).ask(launcher.files(files), data);
        });
    }
}
