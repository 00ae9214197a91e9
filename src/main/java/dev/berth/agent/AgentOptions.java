package dev.berth.agent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The agent's command line. */
@Command(name = "berth-agent", mixinStandardHelpOptions = true, description = "Runs instances on this node for Berth.")
final class AgentOptions {
    @Option(
            names = "--state",
            required = true,
            description = "Directory of images and instances; has to be readable for QEMU's user.")
    @Nullable
    Path state;

    @Option(names = "--listen", required = true, description = "unix:PATH or tcp:HOST:PORT.")
    @Nullable
    String listen;

    @Option(names = "--tls", description = "Directory with ca.pem, cert.pem and key.pem; needed for tcp.")
    Path tls = Path.of("tls");

    @Option(names = "--socket-group", description = "Group that may use the unix socket beside root.")
    @Nullable
    String socketGroup;

    @Option(names = "--libvirt-uri", description = "libvirt connection; default ${DEFAULT-VALUE}.")
    String libvirtUri = "qemu:///system";

    @Option(names = "--accelerator", description = "auto, kvm or tcg; default ${DEFAULT-VALUE}.")
    String accelerator = "auto";

    @Option(names = "--allow-path", description = "Directory below which images may be imported from; repeatable.")
    List<Path> allowedPaths = new ArrayList<>();

    @Option(names = "--image-build", description = "The program that builds images by recipe.")
    Path imageBuild = Path.of("infra/image-build");

    @Option(names = "--native", description = "Directory of the programs berth-unpack, berth-launch and berth-init.")
    Path nativePrograms = Path.of("target/native");

    @Option(
            names = "--allow-bind",
            description = "Directory below which containers may mount files of this host; repeatable.")
    List<Path> bindPrefixes = new ArrayList<>();

    @Option(
            names = "--allow-capability",
            description = "Linux capability that containers may ask for beyond the usual ones; repeatable.")
    List<String> capabilities = new ArrayList<>();

    @Option(names = "--allow-host-network", description = "Let containers use this host's own network.")
    boolean hostNetwork;

    @Option(names = "--allow-nesting", description = "Let containers run containers.")
    boolean nesting;

    @Option(
            names = "--share-networks",
            description = "Let instances of different projects reach each other on the networks that they share.")
    boolean shareNetworks;

    @Option(
            names = "--keep-cgroup-mount",
            description = "Leave this host's cgroup mount as it is; without this it gets the option favordynmods, for"
                    + " quicker starts of containers.")
    boolean keepCgroupMount;

    @Option(names = "--fake", description = "Serve a node that exists in memory only.")
    boolean fake;
}
