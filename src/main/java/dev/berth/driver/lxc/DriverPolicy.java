package dev.berth.driver.lxc;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What an administrator of the node allows containers beyond the usual; nothing unless it is said.
 *
 * @param addCapabilities capabilities that a container may ask for
 * @param hostNetwork whether a container may use the node's own network
 * @param nesting whether containers may run inside containers
 * @param bindPrefixes directories of the node below which files may be mounted into containers
 */
public record DriverPolicy(Set<String> addCapabilities, boolean hostNetwork, boolean nesting, List<Path> bindPrefixes) {
    public static final DriverPolicy NONE = new DriverPolicy(Set.of(), false, false, List.of());

    public DriverPolicy {
        addCapabilities = Set.copyOf(addCapabilities);
        bindPrefixes = List.copyOf(bindPrefixes);
    }
}
