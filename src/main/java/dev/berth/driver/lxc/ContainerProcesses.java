package dev.berth.driver.lxc;

import dev.berth.driver.ProcessStat;
import dev.berth.driver.Processes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** Lists the processes in a container's control group, as it sees them itself. */
final class ContainerProcesses implements Processes {
    private static final int TICKS_PER_SECOND = 100;
    private static final int PAGE = 4096;
    private static final int MOST_COMMAND = 4096;
    private static final int MOST = 10_000;

    private final Containers containers;

    ContainerProcesses(Containers containers) {
        this.containers = containers;
    }

    /** A process and its numbers on the host and inside. */
    private record Seen(long pid, int inside, int user, ProcessStat stat) {}

    @Override
    public List<Entry> processes(UUID id) {
        RunStatus status = containers.running(id, "Start the instance to see its processes.");
        long base = IdRanges.of(containers.files(id));
        List<Seen> all = Cgroup.of(id, status.init()).stream()
                .flatMap(cgroup -> cgroup.processes().stream())
                .limit(MOST)
                .flatMap(pid -> seen(pid, base).stream())
                .sorted(Comparator.comparingInt(Seen::inside))
                .toList();
        Map<Long, Integer> inside = all.stream().collect(Collectors.toMap(Seen::pid, Seen::inside, (a, b) -> a));
        return all.stream()
                .map(one -> entry(one, inside.getOrDefault(one.stat().parent(), 0)))
                .toList();
    }

    private static Optional<Seen> seen(long pid, long base) {
        Map<String, String> fields = Trees.text(Path.of("/proc/" + pid + "/status"))
                .lines()
                .filter(line -> line.startsWith("NSpid:") || line.startsWith("Uid:"))
                .map(line -> line.split("\\s+", 2))
                .collect(Collectors.toMap(words -> words[0], words -> words[1]));
        return ProcessStat.of(pid)
                .filter(stat -> fields.size() == 2)
                .map(stat -> new Seen(
                        pid,
                        Integer.parseInt(last(fields.getOrDefault("NSpid:", "0"))),
                        (int) Math.max(-1, Long.parseLong(second(fields.getOrDefault("Uid:", "0 0"))) - base),
                        stat));
    }

    private static String last(String words) {
        return words.substring(Math.max(words.lastIndexOf('\t'), words.lastIndexOf(' ')) + 1);
    }

    /** The effective id. */
    private static String second(String words) {
        return words.split("\\s+")[1];
    }

    private static Entry entry(Seen one, int parent) {
        ProcessStat stat = one.stat();
        String arguments = Trees.text(Path.of("/proc/" + one.pid() + "/cmdline"))
                .replace('\0', ' ')
                .strip();
        String command = arguments.isEmpty() ? "[" + stat.name() + "]" : arguments;
        return new Entry(
                one.inside(),
                parent,
                one.user(),
                stat.state(),
                Duration.ofMillis(stat.ticks() * 1000 / TICKS_PER_SECOND),
                stat.residentPages() * PAGE,
                command.substring(0, Math.min(command.length(), MOST_COMMAND)));
    }
}
