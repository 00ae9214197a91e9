package dev.berth.crash;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Compares an installation's containers with what the host has of any: directories, mounts, loop devices, control groups,
 * processes, interfaces, nftables rules. What belongs to the installation is known by its state directory, by the ids of
 * instances that it ever had, and by its network, so that others on the same machine do not matter.
 *
 * @param store the agent's state directory
 * @param network its libvirt network
 */
record ContainerLeaks(Path store, String network) {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    /**
     * Adds everything that does not fit.
     *
     * @param containers that there are
     * @param gone ids of instances that there were once
     */
    void find(List<String> leaks, List<JsonNode> containers, List<String> gone) {
        Set<String> ids = new TreeSet<>();
        Set<String> running = new TreeSet<>();
        for (JsonNode container : containers) {
            String id = container.path("id").asText();
            ids.add(id);
            if (Set.of("running", "paused").contains(container.path("state").asText())) {
                running.add(id);
            }
        }
        // What all containers share, such as compiled filters, has a name with a dot.
        Set<String> directories = new TreeSet<>(LeakCheck.names(store.resolve("containers")));
        directories.removeIf(name -> name.startsWith("."));
        LeakCheck.compare(leaks, "directory of a container", ids, directories);
        LeakCheck.compare(leaks, "control group", running, groups(ids, gone));
        LeakCheck.compare(leaks, "supervisor", running, supervisors());
        hostNamespace(leaks);
        loops(leaks, running);
        rules(leaks, gone);
    }

    /** Containers of ours that have a group in any hierarchy. */
    private Set<String> groups(Set<String> ids, List<String> gone) {
        Set<String> ours = new TreeSet<>(ids);
        ours.addAll(gone);
        Set<String> found = new TreeSet<>();
        try (Stream<Path> hierarchies = Files.list(CGROUPS)) {
            Stream.concat(hierarchies.filter(Files::isDirectory), Stream.of(CGROUPS))
                    .map(hierarchy -> hierarchy.resolve("berth"))
                    .flatMap(group -> LeakCheck.names(group).stream())
                    .filter(ours::contains)
                    .forEach(found::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** Containers whose directory is named in the command line of a process. */
    private Set<String> supervisors() {
        String start = store.resolve("containers") + "/";
        Set<String> found = new TreeSet<>();
        try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
            processes
                    .map(process -> LeakCheck.read(Path.of("/proc/" + process.pid() + "/cmdline")))
                    .filter(command -> command.contains("berth-launch"))
                    .filter(command -> command.contains(start))
                    .map(command -> command.substring(command.indexOf(start) + start.length()))
                    .map(rest -> rest.split("[/\0]", 2)[0])
                    .filter(name -> !name.startsWith(".")) // the socket of the process that forks them
                    .forEach(found::add);
        }
        return found;
    }

    /** Mounts of containers lie in their supervisors' namespaces; in the host's there are none, running or not. */
    private void hostNamespace(List<String> leaks) {
        LeakCheck.read(Path.of("/proc/self/mountinfo"))
                .lines()
                .filter(line -> line.contains(store.resolve("containers").toString()))
                .forEach(line -> leaks.add("left over: mount " + line));
    }

    private void loops(List<String> leaks, Set<String> running) {
        List<String> found = new ArrayList<>();
        for (String device : LeakCheck.names(Path.of("/sys/block"))) {
            String file = LeakCheck.read(Path.of("/sys/block/" + device + "/loop/backing_file"));
            if (file.contains(store.toString()) && running.stream().noneMatch(file::contains)) {
                found.add(device + " of " + file.strip());
            }
        }
        found.forEach(text -> leaks.add("left over: loop device " + text));
    }

    /** Rules name instances by id in their comments, or an interface of theirs. */
    private static void rules(List<String> leaks, List<String> gone) {
        String rules = Shell.run("nft", "list", "ruleset");
        gone.stream().filter(id -> rules.contains(id)).forEach(id -> leaks.add("left over: nftables rule of " + id));
    }
}
