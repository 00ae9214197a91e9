package dev.berth.driver.images;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.installation.FreePort;
import dev.berth.json.BerthJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A QEMU process without libvirt: disk, read-only seed disk, user network, serial log, guest-agent channel. */
final class PlainMachine implements AutoCloseable {
    private static final int SSH = 22;
    private final Path directory;
    private final int sshPort;
    private final Process process;

    private PlainMachine(Path directory, int sshPort, Process process) {
        this.directory = directory;
        this.sshPort = sshPort;
        this.process = process;
    }

    /**
     * Starts one on an overlay of an image, with TCG, which every host has.
     *
     * @param firmware arguments that select other firmware than the BIOS
     */
    static PlainMachine start(Path directory, Path image, Path seed, List<String> firmware) throws Exception {
        Path disk = directory.resolve("disk.qcow2");
        finish(List.of(
                "qemu-img", "create", "-q", "-f", "qcow2", "-b", image.toString(), "-F", "qcow2", disk + "", "8G"));
        int port = FreePort.find();
        List<String> command =
                new ArrayList<>(List.of("qemu-system-x86_64", "-machine", "q35,accel=tcg", "-cpu", "max"));
        command.addAll(List.of("-m", "768", "-display", "none", "-nodefaults", "-device", "virtio-rng-pci"));
        command.addAll(firmware);
        command.addAll(List.of("-drive", "if=virtio,format=qcow2,file=" + disk));
        command.addAll(List.of("-drive", "if=virtio,format=raw,readonly=on,file=" + seed));
        command.addAll(List.of("-serial", "file:" + directory.resolve("serial.log")));
        command.addAll(List.of("-netdev", "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:" + port + "-:" + SSH));
        command.addAll(List.of("-device", "virtio-net-pci,netdev=net", "-device", "virtio-serial"));
        command.addAll(List.of("-chardev", "socket,id=agent,server=on,wait=off,path=" + directory.resolve("agent")));
        command.addAll(List.of("-device", "virtserialport,chardev=agent,name=org.qemu.guest_agent.0"));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("qemu.log").toFile())
                .start();
        return new PlainMachine(directory, port, process);
    }

    static void finish(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new AssertionError(command + " ended with " + process.exitValue());
        }
    }

    String serial() {
        try {
            Path log = directory.resolve("serial.log");
            return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    void await(String what, Duration longest, BooleanSupplier condition) throws Exception {
        long end = System.nanoTime() + longest.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end || !process.isAlive()) {
                String text = serial();
                throw new AssertionError("no " + what + "; the last lines:\n"
                        + text.substring(Math.max(0, text.length() - 3000))
                        + Files.readString(directory.resolve("qemu.log")));
            }
            Thread.sleep(500);
        }
    }

    /** What a command in the guest prints, run by the guest agent. */
    String run(String script) throws Exception {
        Map<String, Object> arguments = Map.of("path", "/bin/sh", "arg", List.of("-c", script), "capture-output", true);
        int pid = agent("guest-exec", arguments).path("pid").asInt();
        while (true) {
            JsonNode status = agent("guest-exec-status", Map.of("pid", pid));
            if (status.path("exited").asBoolean()) {
                byte[] output =
                        Base64.getDecoder().decode(status.path("out-data").asText());
                return new String(output, StandardCharsets.UTF_8);
            }
            Thread.sleep(500);
        }
    }

    private JsonNode agent(String command, Map<String, Object> arguments) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("agent")))) {
            String request = BerthJson.mapper().writeValueAsString(Map.of("execute", command, "arguments", arguments));
            channel.write(ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8)));
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            ByteBuffer one = ByteBuffer.allocate(1);
            while (channel.read(one) == 1 && one.get(0) != '\n') {
                line.write(one.get(0));
                one.clear();
            }
            return BerthJson.mapper().readTree(line.toByteArray()).path("return");
        }
    }

    /** What the guest's ssh server says first. */
    String sshGreeting() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), sshPort)) {
            socket.setSoTimeout(60_000);
            return new String(socket.getInputStream().readNBytes(11), StandardCharsets.US_ASCII);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }
}
