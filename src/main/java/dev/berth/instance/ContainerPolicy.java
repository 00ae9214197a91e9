package dev.berth.instance;

import dev.berth.access.Caller;
import dev.berth.access.Roles;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.MountSpec;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who may make containers that could harm their node. Everything is refused unless a setting allows it or an administrator
 * asks; what an instance has already, others may keep when they change something else.
 */
@ApplicationScoped
class ContainerPolicy {
    private final boolean hostNetwork;
    private final boolean nesting;
    private final Set<String> capabilities;
    private final List<String> hostPaths;

    ContainerPolicy(ContainerSettings settings) {
        this.hostNetwork = settings.allowHostNetwork();
        this.nesting = settings.allowNesting();
        this.capabilities = Set.copyOf(settings.allowCapabilities().orElse(List.of()));
        this.hostPaths = settings.allowHostPaths().orElse(List.of());
    }

    /** Checks what is wanted beyond what was there before; before is null for a new instance. */
    void check(ContainerSpec wanted, @Nullable ContainerSpec before, Caller caller) {
        if (caller.may(Roles.ADMIN)) {
            return;
        }
        if (wanted.network() == ContainerSpec.NetworkMode.HOST && !hostNetwork && !hadHostNetwork(before)) {
            throw refused("/networkMode", "The node's own network", "berth.container.allow-host-network");
        }
        boolean nested = before != null && before.security().nesting();
        if (wanted.security().nesting() && !nesting && !nested) {
            throw refused("/security/nesting", "Running containers inside", "berth.container.allow-nesting");
        }
        Set<String> known = new HashSet<>(capabilities);
        known.addAll(before == null ? List.of() : before.security().addCapabilities());
        for (String capability : wanted.security().addCapabilities()) {
            if (!known.contains(capability)) {
                throw refused(
                        "/security/addCapabilities",
                        "The capability " + capability,
                        "berth.container.allow-capabilities");
            }
        }
        Set<String> mounted = before == null ? Set.of() : paths(before);
        for (String path : paths(wanted)) {
            if (!mounted.contains(path) && !allowed(path)) {
                throw refused("/mounts", "The host path " + path, "berth.container.allow-host-paths");
            }
        }
    }

    private static boolean hadHostNetwork(@Nullable ContainerSpec before) {
        return before != null && before.network() == ContainerSpec.NetworkMode.HOST;
    }

    private static Set<String> paths(ContainerSpec spec) {
        return spec.mounts().stream()
                .map(MountSpec::hostPath)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    private boolean allowed(String path) {
        return hostPaths.stream().anyMatch(prefix -> path.equals(prefix) || path.startsWith(prefix + "/"));
    }

    private static BerthException refused(String pointer, String what, String rule) {
        return BerthException.of(
                        ErrorCode.FORBIDDEN,
                        what + " is not for operators here: the rule " + rule
                                + " does not allow it. An administrator may do it, or change the rule.")
                .with("pointer", pointer)
                .with("rule", rule);
    }
}
