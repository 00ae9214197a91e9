package dev.berth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/** Memory of processes, shared pages counted in proportion (PSS). */
final class Memory {
    private Memory() {}

    /** Of all processes with this word in their command line, and of everything below them; in bytes. */
    static long of(String word) {
        Set<ProcessHandle> counted = new LinkedHashSet<>();
        ProcessHandle.allProcesses()
                .filter(process -> read(process, "cmdline").replace('\0', ' ').contains(word))
                .forEach(process -> {
                    counted.add(process);
                    process.descendants().forEach(counted::add);
                });
        return counted.stream().mapToLong(Memory::proportional).sum();
    }

    private static long proportional(ProcessHandle process) {
        return read(process, "smaps_rollup")
                .lines()
                .filter(line -> line.startsWith("Pss:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .sum();
    }

    private static String read(ProcessHandle process, String file) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/" + file));
        } catch (IOException e) {
            // It has just gone.
            return "";
        }
    }
}
