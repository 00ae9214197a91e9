package dev.berth.driver.libvirt;

import dev.berth.driver.Lease;
import dev.berth.driver.NodeFailures;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Ipv4;
import dev.berth.kernel.MacAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The static leases and names of one network, each a file of its own that the network's dnsmasq reads as it appears. A name it
 * forgets with its file (since version 2.87), a lease only when it is told to read all anew. That is put off until its address is
 * wanted again, because dnsmasq then runs a program of 20 ms for every lease that guests hold. See {@code dhcp-hostsdir} and
 * {@code hostsdir} in dnsmasq(8).
 *
 * <p>libvirt could keep them in the network's definition, but writes all of them anew for each change, which takes some 20 ms.
 */
final class StaticLeases {
    /** Whom dnsmasq runs as has to read them. */
    private static final String READABLE = "rwxr-xr-x";

    private static final int MOST_REMEMBERED = 1000;

    private final String network;
    private final Path directory;
    private final Runnable reload;
    private final Map<MacAddress, Entry> entries = new LinkedHashMap<>();
    private final Map<MacAddress, Ipv4> remembered = new HashMap<>();

    /**
     * One lease as it is served.
     *
     * @param lease with the short name that it got
     */
    private record Entry(Lease lease, DnsHost host) {}

    /**
     * Makes the directories, and reads what is there.
     *
     * @param directory of this network alone
     * @param reload tells dnsmasq to read all anew
     */
    StaticLeases(String network, Path directory, Runnable reload) {
        this.network = network;
        this.directory = directory;
        this.reload = reload;
        try {
            for (Path made : List.of(directory, dhcp(), dns())) {
                Files.createDirectories(made);
                Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(READABLE));
            }
            load();
            reload.run(); // of what was removed before the agent was started, nobody knows what dnsmasq remembers
        } catch (IOException e) {
            throw NodeFailures.files("Reading the leases of " + network, e);
        }
    }

    /** Static leases, one in each file. */
    Path dhcp() {
        return directory.resolve("dhcp");
    }

    /** Addresses with their names, one in each file. */
    Path dns() {
        return directory.resolve("dns");
    }

    private void load() throws IOException {
        for (Path file : list(dhcp())) {
            String[] words = Files.readString(file).strip().split(",");
            if (words.length == 3) {
                Lease lease = new Lease(new MacAddress(words[0]), new Ipv4(words[1]), words[2]);
                entries.put(lease.mac(), new Entry(lease, host(lease)));
            }
        }
        for (Path file : list(dns())) {
            if (!Files.exists(dhcp().resolve(file.getFileName()))) {
                Files.delete(file); // of a reservation that was cut off
            }
        }
    }

    private DnsHost host(Lease lease) throws IOException {
        Path file = dns().resolve(name(lease.mac()));
        String[] words = Files.exists(file) ? Files.readString(file).strip().split("[ \t]+") : new String[0];
        List<String> names =
                words.length > 1 ? Arrays.asList(words).subList(1, words.length) : List.of(lease.hostname());
        return new DnsHost(lease.address(), names);
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    synchronized List<Lease> all() {
        return entries.values().stream().map(Entry::lease).toList();
    }

    /**
     * Adds a lease, or replaces the one of the same interface.
     *
     * @throws BerthException IN_USE when another interface has the address
     */
    synchronized void reserve(Lease lease, String domain) {
        List<Lease> present = all();
        Lease wanted = Reservations.withUniqueName(lease, present);
        boolean taken = present.stream()
                .anyMatch(old -> !old.mac().equals(lease.mac()) && old.address().equals(lease.address()));
        if (taken) {
            throw BerthException.of(
                    ErrorCode.IN_USE,
                    "Address " + lease.address() + " of the network " + network
                            + " is reserved for an interface that this panel does not know; try again, and another is used.");
        }
        List<DnsHost> hosts = entries.values().stream().map(Entry::host).toList();
        keep(new Entry(
                new Lease(wanted.mac(), wanted.address(), wanted.hostname()),
                DnsHost.of(lease, wanted.hostname(), domain, hosts)));
    }

    private void keep(Entry entry) {
        MacAddress mac = entry.lease().mac();
        @Nullable Entry before = entries.get(mac);
        if (entry.equals(before)) {
            return;
        }
        write(dns().resolve(name(mac)), entry.host().line());
        write(
                dhcp().resolve(name(mac)),
                String.join(
                        ",",
                        mac.value(),
                        entry.lease().address().value(),
                        entry.lease().hostname()));
        entries.put(mac, entry);
        if (before != null
                || remembered.containsKey(mac)
                || remembered.containsValue(entry.lease().address())) {
            forget();
        }
    }

    /** Of two leases of one interface or with one address dnsmasq heeds the older. */
    private void forget() {
        reload.run();
        remembered.clear();
    }

    /** Removes the lease of an interface; success if there is none. */
    synchronized void release(MacAddress mac) {
        delete(dhcp().resolve(name(mac)));
        delete(dns().resolve(name(mac)));
        @Nullable Entry released = entries.remove(mac);
        if (released != null) {
            remembered.put(mac, released.lease().address());
        }
        if (remembered.size() > MOST_REMEMBERED) {
            forget();
        }
    }

    /** Takes over what the network's definition has. */
    synchronized void adopt(List<Lease> leases, List<DnsHost> hosts) {
        List<Entry> adopted = new ArrayList<>();
        for (Lease lease : leases) {
            Optional<DnsHost> host = DnsHost.find(lease.address(), hosts);
            adopted.add(
                    new Entry(lease, host.orElseGet(() -> new DnsHost(lease.address(), List.of(lease.hostname())))));
        }
        adopted.stream()
                .filter(entry -> !entries.containsKey(entry.lease().mac()))
                .forEach(this::keep);
    }

    /** Removes all with their directory; the network is gone. */
    synchronized void remove() {
        entries.clear();
        Trees.delete(directory);
    }

    private static String name(MacAddress mac) {
        return mac.value().replace(":", "");
    }

    /** dnsmasq overlooks names that begin with a dot, and sees the file when it gets its name. */
    private void write(Path file, String line) {
        Path fresh = file.resolveSibling("." + file.getFileName());
        try {
            Files.write(fresh, (line + "\n").getBytes(StandardCharsets.US_ASCII));
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw NodeFailures.files("Writing a lease of " + network, e);
        }
    }

    private void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw NodeFailures.files("Removing a lease of " + network, e);
        }
    }
}
