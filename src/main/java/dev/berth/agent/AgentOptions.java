package dev.berth.agent;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line of an agent says; {@link AgentCommand} tells what each option means.
 *
 * @param socketGroup null where only root may use the socket
 */
record AgentOptions(
        Path state,
        String listen,
        Path tls,
        @Nullable String socketGroup,
        String libvirtUri,
        String accelerator,
        List<Path> allowedPaths,
        Path imageBuild,
        Path nativePrograms,
        List<Path> bindPrefixes,
        List<String> capabilities,
        boolean hostNetwork,
        boolean nesting,
        boolean shareNetworks,
        boolean keepCgroupMount,
        boolean fake) {}
