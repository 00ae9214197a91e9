package dev.berth.crash;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.installation.Api;
import dev.berth.installation.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares an installation's inventory with what there is on the machine and in the database, in both directions: domains,
 * files, sockets, DHCP entries and leases, interfaces, QEMU processes, libvirt's own leftovers, ledger, schedule.
 *
 * <p>It asks virsh, qemu-img, /proc and SQL, none of Berth's own drivers. Nothing may be under way while it looks.
 *
 * @param store the agent's state directory
 * @param network the libvirt network of the installation, which no other uses
 */
public record LeakCheck(Api api, Rows rows, Path store, String libvirtUri, String network) {
    private static final Pattern KNOWN = Pattern.compile(
            "disk-[0-9a-f-]{36}\\.qcow2|seed\\.iso|serial\\.log(\\.\\d)?|[a-z]+\\.sock|nvram\\.fd|snapshots|defined|wanted");
    private static final Path LIBVIRT_STATE = Path.of("/var/lib/libvirt/qemu");
    private static final Path LEASES = Path.of("/var/lib/libvirt/dnsmasq");

    /** Fails with everything that was found, unless that is nothing within a few seconds. */
    public void assertClean() {
        List<List<String>> last = new ArrayList<>();
        Await.until(Duration.ofSeconds(10), () -> "leaks:\n" + String.join("\n", last.getLast()), () -> {
            last.add(find());
            return last.getLast().isEmpty();
        });
    }

    /** Everything that does not fit, in words. */
    public List<String> find() {
        List<String> leaks = new ArrayList<>();
        List<JsonNode> instances = instances();
        Set<String> ids = texts(instances, node -> node.get("id").asText());
        List<JsonNode> machines = instances.stream()
                .filter(node -> node.path("kind").asText().equals("vm"))
                .toList();
        Set<String> domains = texts(machines, node -> node.get("id").asText());
        compare(leaks, "domain", domains, domains());
        compare(leaks, "directory of an instance", domains, names(store.resolve("instances")));
        machines.forEach(instance -> files(leaks, instance));
        List<JsonNode> containers = new ArrayList<>(instances);
        containers.removeAll(machines);
        new ContainerLeaks(store, network).find(leaks, containers, gone(ids));
        compare(leaks, "upload", Set.of(), names(store.resolve("uploads")));
        names(store.resolve("images")).stream()
                .filter(name -> name.endsWith(".part"))
                .forEach(name -> leaks.add("half an image: " + name));
        networks(leaks, instances);
        forgotten(leaks, ids);
        database(leaks, instances);
        return leaks;
    }

    private List<JsonNode> instances() {
        List<JsonNode> all = new ArrayList<>();
        api.get("/api/v1/projects/default/instances?limit=200")
                .ok()
                .get("items")
                .forEach(all::add);
        return all;
    }

    private static Set<String> texts(Collection<JsonNode> nodes, Function<JsonNode, String> text) {
        return nodes.stream().map(text).collect(Collectors.toCollection(TreeSet::new));
    }

    static void compare(List<String> leaks, String what, Set<String> wanted, Set<String> found) {
        found.stream()
                .filter(name -> !wanted.contains(name))
                .forEach(name -> leaks.add("left over: " + what + " " + name));
        wanted.stream().filter(name -> !found.contains(name)).forEach(name -> leaks.add("lost: " + what + " " + name));
    }

    /** Domains whose files are in the store. */
    private Set<String> domains() {
        Set<String> found = new TreeSet<>();
        for (String name : Shell.lines("virsh", "-c", libvirtUri, "list", "--all", "--name")) {
            // One that has gone since it was listed is nobody's; another Berth of this host may have removed its own.
            String xml = name.startsWith("berth-")
                    ? Shell.run("sh", "-c", "virsh -c \"$0\" dumpxml \"$1\" 2>/dev/null || true", libvirtUri, name)
                    : "";
            if (xml.contains(store.toString())) {
                found.add(name.substring("berth-".length()));
            }
        }
        return found;
    }

    private void files(List<String> leaks, JsonNode instance) {
        String id = instance.get("id").asText();
        Path directory = store.resolve("instances").resolve(id);
        Set<String> disks = new TreeSet<>();
        instance.get("disks").forEach(disk -> {
            if (disk.get("device").asText().equals("disk")) {
                disks.add("disk-" + disk.get("id").asText() + ".qcow2");
            }
        });
        Set<String> present = names(directory);
        compare(
                leaks,
                "disk of " + id,
                disks,
                present.stream().filter(name -> name.startsWith("disk-")).collect(Collectors.toSet()));
        present.stream()
                .filter(name -> !KNOWN.matcher(name).matches())
                .forEach(name -> leaks.add("left over: " + id + "/" + name));
        if (instance.get("state").asText().equals("running") && !present.contains("wanted")) {
            leaks.add("lost: the note that " + id + " is to run again after a boot");
        }
        Set<String> snapshots = new TreeSet<>();
        api.get("/api/v1/projects/default/instances/" + id + "/snapshots")
                .ok()
                .get("items")
                .forEach(snapshot -> snapshots.add(snapshot.get("id").asText()));
        compare(
                leaks,
                "files of a snapshot of " + id,
                snapshots,
                names(directory.resolve("snapshots")).stream()
                        .map(name -> name.replaceFirst("\\..*", ""))
                        .collect(Collectors.toSet()));
        for (String disk : disks) {
            if (present.contains(disk)) {
                compare(leaks, "snapshot in " + disk + " of " + id, snapshots, inside(directory.resolve(disk)));
            }
        }
    }

    /** Names of the snapshots inside a qcow2 file: the second column of the table after its two lines of heading. */
    private static Set<String> inside(Path disk) {
        return Shell.lines("qemu-img", "snapshot", "-U", "-l", disk.toString()).stream()
                .skip(2)
                .map(line -> line.split("\\s+")[1])
                .collect(Collectors.toSet());
    }

    private void networks(List<String> leaks, List<JsonNode> instances) {
        Set<String> macs = new TreeSet<>();
        Set<String> running = new TreeSet<>();
        Set<String> veths = new TreeSet<>();
        for (JsonNode instance : instances) {
            boolean runs =
                    Set.of("running", "paused").contains(instance.get("state").asText());
            boolean machine = instance.path("kind").asText().equals("vm");
            for (JsonNode nic : instance.get("nics")) {
                macs.add(nic.get("mac").asText());
                if (runs && machine) {
                    running.add(nic.get("mac").asText());
                } else if (runs) {
                    veths.add("bc" + nic.get("id").asText().replace("-", "").substring(20));
                }
            }
        }
        Path reserved = LEASES.resolve(network + ".berth");
        Set<String> served = names(reserved.resolve("dhcp")).stream()
                .map(file -> read(reserved.resolve("dhcp").resolve(file)).split(",")[0])
                .collect(Collectors.toSet());
        compare(leaks, "DHCP entry of", macs, served);
        compare(leaks, "names of", names(reserved.resolve("dhcp")), names(reserved.resolve("dns")));
        leases(leaks, instances);
        Set<String> attached = names(Path.of("/sys/class/net/" + network + "/brif"));
        compare(
                leaks,
                "interface of a container",
                veths,
                attached.stream().filter(name -> name.startsWith("bc")).collect(Collectors.toSet()));
        // The host's side of a machine's interface has the machine's address with fe in front.
        Set<String> taps = attached.stream()
                .filter(name -> !name.startsWith("bc"))
                .map(tap -> read(Path.of("/sys/class/net/" + tap + "/address")).strip())
                .map(mac -> mac.substring(2))
                .collect(Collectors.toSet());
        compare(leaks, "tap of", running.stream().map(mac -> mac.substring(2)).collect(Collectors.toSet()), taps);
        compare(leaks, "row of an address of", macs, new HashSet<>(rows.texts("select mac from network_address")));
    }

    /** A lease lasts longer than its owner; it must not keep the next owner of the address from it. */
    private void leases(List<String> leaks, List<JsonNode> instances) {
        List<String> lines = Shell.lines("virsh", "-c", libvirtUri, "net-dhcp-leases", network);
        for (JsonNode instance : instances) {
            for (JsonNode nic : instance.get("nics")) {
                String address = nic.path("address").asText("none");
                lines.stream()
                        .filter(line -> line.contains(" " + address + "/"))
                        .filter(line -> !line.contains(nic.get("mac").asText()))
                        .forEach(line -> leaks.add("somebody else's lease: " + line));
            }
        }
    }

    /** Instances that were made once and exist no more. */
    private List<String> gone(Set<String> ids) {
        List<String> gone =
                rows.texts("select distinct subject_id::text from operation where subject_kind = 'instance'");
        gone.removeAll(ids);
        return gone;
    }

    /** What libvirt, QEMU and the kernel may still have of instances that were made once and exist no more. */
    private void forgotten(List<String> leaks, Set<String> ids) {
        List<String> gone = gone(ids);
        List<String> places = new ArrayList<>();
        for (Path directory : List.of(
                Path.of("/run/libvirt/qemu"),
                LIBVIRT_STATE,
                LIBVIRT_STATE.resolve("channel/target"),
                LIBVIRT_STATE.resolve("nvram"),
                LIBVIRT_STATE.resolve("save"),
                LIBVIRT_STATE.resolve("snapshot"),
                LIBVIRT_STATE.resolve("checkpoint"),
                Path.of("/etc/libvirt/qemu"),
                Path.of("/etc/libvirt/qemu/autostart"),
                Path.of("/var/log/libvirt/qemu"))) {
            names(directory).forEach(name -> places.add(directory.resolve(name).toString()));
        }
        for (String id : gone) {
            // libvirt cuts long names in some of its paths.
            String start = "berth-" + id.substring(0, 13);
            boolean unique = ids.stream().noneMatch(other -> other.startsWith(id.substring(0, 13)));
            places.stream()
                    .filter(place -> place.contains(id) || (unique && place.contains(start)))
                    .forEach(place -> leaks.add("left over: " + place));
        }
        try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
            processes
                    .map(process -> read(Path.of("/proc/" + process.pid() + "/cmdline")))
                    .filter(command -> command.contains("qemu-system") || command.contains("qemu-img"))
                    .forEach(command -> gone.stream()
                            .filter(command::contains)
                            .forEach(id -> leaks.add("left over: a process of " + id)));
        }
    }

    private void database(List<String> leaks, List<JsonNode> instances) {
        rows.texts("select type || ' ' || id || ' is ' || state from operation where finished_at is null")
                .forEach(row -> leaks.add("stuck: " + row));
        rows.texts("select task_name || ' ' || task_instance from scheduled_tasks where task_name = 'operation'")
                .forEach(row -> leaks.add("left over: task " + row));
        rows.texts("select operation || ' ' || resource from quota_reservation")
                .forEach(row -> leaks.add("left over: reservation of " + row));
        rows.texts("select name || ' is ' || phase from instance where phase <> 'READY'")
                .forEach(row -> leaks.add("stuck: instance " + row));
        rows.texts("select name || ' is ' || state from snapshot where state <> 'READY'")
                .forEach(row -> leaks.add("stuck: snapshot " + row));
        long disk = 0;
        for (JsonNode instance : instances) {
            for (JsonNode one : instance.get("disks")) {
                disk += one.get("size").asLong();
            }
        }
        Set<String> wanted = new HashSet<>(Set.of(
                "INSTANCES " + instances.size(),
                "CPUS " + sum(instances, "cpus"),
                "MEMORY " + sum(instances, "memory"),
                "DISK " + disk,
                "SNAPSHOTS " + rows.texts("select id::text from snapshot").size()));
        // A row comes into being with the first use.
        wanted.removeIf(row -> row.endsWith(" 0"));
        compare(
                leaks,
                "row of the ledger",
                wanted,
                new HashSet<>(rows.texts("select resource || ' ' || used from quota_usage where used <> 0")));
        rows.texts("select resource || ' ' || reserved from quota_usage where reserved <> 0")
                .forEach(row -> leaks.add("left over: reserved " + row));
    }

    private static long sum(List<JsonNode> instances, String field) {
        return instances.stream()
                .mapToLong(instance -> instance.get(field).asLong())
                .sum();
    }

    static Set<String> names(Path directory) {
        if (!Files.isDirectory(directory)) {
            return new TreeSet<>();
        }
        try (Stream<Path> list = Files.list(directory)) {
            return list.map(path -> String.valueOf(path.getFileName())).collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            // A process or an interface that has just gone.
            return "";
        }
    }
}
