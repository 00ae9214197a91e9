package dev.berth.driver.nft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.kernel.Cidr;
import dev.berth.kernel.Ipv4;
import dev.berth.kernel.MacAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A bridge with guests that are network namespaces, and a namespace outside that is routed to this host: everything of its own, so that
 * no frame leaves the test.
 */
public final class NetworkLab implements AutoCloseable {
    private static final String HOST = "";
    private final String tag;
    private final int outer;
    private final String bridge;
    private final Cidr cidr;
    private final Path script;
    private final List<String[]> undo = new ArrayList<>();
    private final List<Process> running = new ArrayList<>();

    /** A guest on the bridge. */
    public record Guest(String namespace, GuardedPort port, Ipv4 address) {
        String bytes() {
            return port.mac().value().replace(":", "");
        }
    }

    /** A lab with a bridge of its own, 10.213.x.0/24, and an outside 198.18.x.0/24; x is the last argument. */
    NetworkLab(String tag, int outer) {
        this(tag + "br", Cidr.parse("10.213." + outer + ".0/24"), tag, outer);
        run("ip", "link", "add", bridge, "type", "bridge");
        undo.add(new String[] {"ip", "link", "delete", bridge});
        run("ip", "address", "add", gateway() + "/24", "dev", bridge);
        run("ip", "link", "set", bridge, "up");
    }

    private NetworkLab(String bridge, Cidr cidr, String tag, int outer) {
        this.bridge = bridge;
        this.cidr = cidr;
        this.tag = tag;
        this.outer = outer;
        try {
            script = Files.createTempFile("guest", ".py");
            try (var in = NetworkLab.class.getResourceAsStream("guest.py")) {
                Files.write(script, in == null ? new byte[0] : in.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        namespace(outside());
        run("ip", "link", "add", tag + "o", "type", "veth", "peer", "name", "eth0", "netns", outside());
        run("ip", "address", "add", hostOutside() + "/24", "dev", tag + "o");
        run("ip", "link", "set", tag + "o", "up");
        in(outside(), "ip", "address", "add", "198.18." + outer + ".2/24", "dev", "eth0");
        in(outside(), "ip", "link", "set", "eth0", "up");
        in(outside(), "ip", "route", "add", "default", "via", hostOutside().value());
    }

    /** A lab on a bridge that is there. */
    public static NetworkLab on(String bridge, Cidr cidr, String tag, int outer) {
        return new NetworkLab(bridge, cidr, tag, outer);
    }

    Cidr cidr() {
        return cidr;
    }

    Ipv4 gateway() {
        return cidr().at(1);
    }

    public String outside() {
        return tag + "out";
    }

    /** This host's address as the outside knows it. */
    public Ipv4 hostOutside() {
        return new Ipv4("198.18." + outer + ".1");
    }

    GuardedNetwork network() {
        return new GuardedNetwork(bridge, cidr());
    }

    private void namespace(String name) {
        run("ip", "netns", "add", name);
        undo.add(new String[] {"ip", "netns", "delete", name});
        in(name, "ip", "link", "set", "lo", "up");
    }

    /** A guest whose port is not up yet. */
    public Guest guest(int host) {
        UUID nic = UUID.randomUUID();
        String namespace = tag + "g" + host;
        Guest guest = new Guest(
                namespace,
                new GuardedPort(GuardedPort.container(nic), MacAddress.random(), cidr().at(host), bridge),
                cidr().at(host));
        namespace(namespace);
        return guest;
    }

    /** Plugs the guest in. */
    public void start(Guest guest) {
        String port = guest.port().hostInterface();
        run("ip", "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", guest.namespace());
        run("ip", "link", "set", port, "master", bridge, "up");
        in(
                guest.namespace(),
                "ip",
                "link",
                "set",
                "eth0",
                "address",
                guest.port().mac().value());
        in(guest.namespace(), "ip", "address", "add", guest.address() + "/24", "dev", "eth0");
        in(guest.namespace(), "ip", "link", "set", "eth0", "up");
        in(guest.namespace(), "ip", "route", "add", "default", "via", gateway().value());
    }

    /** A guest that serves a port until the end of the test. */
    public void serve(Guest guest, String protocol, int port) {
        background(guest.namespace(), "serve", protocol, Integer.toString(port));
    }

    /** What a caller in a namespace gets for an answer. */
    public String call(String namespace, String protocol, Object address, int port) {
        return in(namespace, "python3", script.toString(), "call", protocol, address.toString(), "" + port)
                .strip();
    }

    public String callFromHost(String protocol, Object address, int port) {
        return call(HOST, protocol, address, port);
    }

    void send(Guest guest, String... frames) {
        List<String> command = new ArrayList<>(List.of("python3", script.toString(), "send", "eth0"));
        command.addAll(Arrays.asList(frames));
        in(guest.namespace(), command.toArray(String[]::new));
    }

    /** Begins to capture what a guest receives, up to a frame with these bytes. */
    BufferedReader capture(Guest guest, String end) {
        return background(guest.namespace(), "capture", "eth0", end);
    }

    private BufferedReader background(String namespace, String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace, "python3", script.toString()));
        command.addAll(Arrays.asList(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            running.add(process);
            BufferedReader reader = process.inputReader();
            assertThat(reader.readLine()).isEqualTo("ready");
            return reader;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String in(String namespace, String... command) {
        List<String> full = new ArrayList<>();
        if (!namespace.equals(HOST)) {
            full.addAll(List.of("ip", "netns", "exec", namespace));
        }
        full.addAll(Arrays.asList(command));
        return run(full.toArray(String[]::new));
    }

    public static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(process.waitFor())
                    .as(String.join(" ", command) + ": " + output)
                    .isZero();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            for (Process process : running) {
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
            Files.delete(script);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        undo.reversed().forEach(NetworkLab::run);
    }
}
