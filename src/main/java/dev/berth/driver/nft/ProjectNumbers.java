package dev.berth.driver.nft;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The numbers by which the packet filter tells projects apart. A number is never given twice, and is kept in a file: rules outlive
 * the agent, and those of machines and of containers are made anew one after the other, so both have to mean the same.
 */
public final class ProjectNumbers {
    private final @Nullable Path file;
    private final boolean shared;
    private final Map<String, Integer> numbers = new HashMap<>();
    private int last;

    private ProjectNumbers(@Nullable Path file, boolean shared) {
        this.file = file;
        this.shared = shared;
    }

    /** Numbers that a file keeps, one line each. */
    public static ProjectNumbers kept(Path file) {
        ProjectNumbers numbers = new ProjectNumbers(file, false);
        numbers.read(file);
        return numbers;
    }

    /** Numbers that nobody needs later. */
    public static ProjectNumbers forgetful() {
        return new ProjectNumbers(null, false);
    }

    /** One number for all, so that nothing is kept apart. */
    public static ProjectNumbers shared() {
        return new ProjectNumbers(null, true);
    }

    private void read(Path from) {
        try {
            for (String line : Files.readAllLines(from, StandardCharsets.UTF_8)) {
                String[] parts = line.split(" ", 2);
                // A line that was cut off was never used.
                if (parts.length == 2 && parts[0].matches("[0-9]{1,9}") && parts[1].endsWith(";")) {
                    int number = Integer.parseInt(parts[0]);
                    numbers.put(parts[1].substring(0, parts[1].length() - 1), number);
                    last = Math.max(last, number);
                }
            }
        } catch (NoSuchFileException e) {
            last = 0;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** A project's number, from 1. */
    synchronized int of(String project) {
        if (shared) {
            return 1;
        }
        Integer known = numbers.get(project);
        if (known != null) {
            return known;
        }
        int number = last + 1;
        if (file != null) {
            keep(file, project, number);
        }
        last = number;
        numbers.put(project, number);
        return number;
    }

    private static void keep(Path file, String project, int number) {
        try {
            Files.writeString(
                    file,
                    "\n" + number + " " + project + ";",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND,
                    StandardOpenOption.SYNC);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static BerthException failed(IOException e) {
        return BerthException.of(
                ErrorCode.DRIVER_FAILED, "The numbers of projects cannot be kept: " + e.getMessage(), e);
    }
}
