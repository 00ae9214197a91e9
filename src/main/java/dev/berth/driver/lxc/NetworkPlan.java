package dev.berth.driver.lxc;

import dev.berth.driver.ContainerSpec;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.NetworkSpec;
import dev.berth.driver.NicSpec;
import dev.berth.driver.nft.GuardedPort;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.Ipv4;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/** The part of a plan that is about networks: interfaces, {@code resolv.conf}, {@code hosts}. */
final class NetworkPlan {
    private static final int MOST_HOSTS = 256;
    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]{2,39}");
    private static final String LOOPBACK = "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n";

    private final Surroundings.Networks networks;

    NetworkPlan(Surroundings.Networks networks) {
        this.networks = networks;
    }

    /** The name on the node of a container's interface, which the packet filter knows it by. */
    static String hostInterface(UUID nic) {
        return GuardedPort.container(nic);
    }

    /** The interfaces that count. */
    static List<NicSpec> interfaces(InstanceDefinition definition) {
        return Containers.spec(definition).network() == ContainerSpec.NetworkMode.BRIDGE
                ? definition.nics()
                : List.of();
    }

    void check(InstanceDefinition definition, ContainerSpec spec) {
        interfaces(definition).forEach(nic -> network(nic.network()));
        hosts(definition, spec);
    }

    void add(Plan plan, InstanceDefinition definition, ContainerSpec spec) {
        plan.add(
                "network",
                switch (spec.network()) {
                    case BRIDGE -> "bridge";
                    case HOST -> "host";
                    case NONE -> "none";
                });
        int index = 0;
        for (NicSpec nic : interfaces(definition)) {
            NetworkSpec network = network(nic.network());
            Ipv4 address = nic.address();
            boolean leased = address == null || spec.mode() == ContainerSpec.Mode.SYSTEM;
            plan.add(
                    "nic",
                    index,
                    network.name(),
                    hostInterface(nic.id()),
                    nic.mac().value(),
                    leased ? "dhcp" : address + "/" + network.subnet().prefix(),
                    leased || index > 0 ? "" : network.gateway(),
                    0);
            index++;
        }
        if (spec.mode() == ContainerSpec.Mode.APP) {
            plan.text("dns", resolver(definition, spec)).text("hosts", hosts(definition, spec));
        }
    }

    private NetworkSpec network(String name) {
        return networks.find(name)
                .orElseThrow(() -> BerthException.invalid("/nics", "The node has no network '" + name + "'."));
    }

    /** Names of the same project come first; equal ones of other projects are never meant. */
    private String resolver(InstanceDefinition definition, ContainerSpec spec) {
        return switch (spec.network()) {
            case HOST -> Trees.text(Path.of("/etc/resolv.conf"));
            case NONE -> "";
            case BRIDGE ->
                definition.nics().stream()
                        .findFirst()
                        .map(nic -> network(nic.network()))
                        .map(network -> "search " + name(definition.project() + "." + network.domain()) + " "
                                + name(network.domain()) + "\nnameserver " + network.gateway() + "\n")
                        .orElse("");
        };
    }

    private String hosts(InstanceDefinition definition, ContainerSpec spec) {
        StringBuilder text = new StringBuilder(LOOPBACK);
        for (NicSpec nic : interfaces(definition)) {
            if (nic.address() != null) {
                text.append(nic.address())
                        .append('\t')
                        .append(names(definition.hostname(), network(nic.network())))
                        .append('\n');
            }
        }
        if (spec.extraHosts().size() > MOST_HOSTS) {
            throw BerthException.invalid("/spec/extraHosts", "At most " + MOST_HOSTS + " extra hosts are possible.");
        }
        for (Map.Entry<String, String> extra : spec.extraHosts().entrySet()) {
            text.append(address(extra.getValue()))
                    .append('\t')
                    .append(name(extra.getKey()))
                    .append('\n');
        }
        return text.toString();
    }

    /** A host name in full, and its first label. */
    private static String names(String hostname, NetworkSpec network) {
        int dot = name(hostname).indexOf('.');
        return dot < 0
                ? hostname + "." + name(network.domain()) + " " + hostname
                : hostname + " " + hostname.substring(0, dot);
    }

    private static String name(String text) {
        if (!HOST_NAME.matcher(text).matches()) {
            throw BerthException.invalid(
                    "/spec/extraHosts",
                    "A host name has letters, digits, hyphens and dots only, not '" + Plan.line("host", text) + "'.");
        }
        return text;
    }

    private static String address(String text) {
        return IPV6.matcher(text).matches() && text.contains(":") ? text : new Ipv4(text).value();
    }
}
