package dev.berth.instance;

import dev.berth.driver.ContainerSpec;
import dev.berth.driver.MountSpec;
import dev.berth.driver.ProcessSpec;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A container's specification being changed; checked afterwards by {@link DefinitionRules}. */
final class ContainerDraft {
    private final ContainerSpec.Mode mode;

    @Nullable
    ProcessSpec process;

    private final ContainerSpec.NetworkMode network;
    ContainerSpec.RestartPolicy restart;
    ContainerSpec.@Nullable HealthCheck health;
    ContainerSpec.Limits limits;
    ContainerSpec.Security security;
    List<MountSpec> mounts;
    List<ContainerSpec.Tmpfs> tmpfs;
    Map<String, String> extraHosts;
    boolean removeOnExit;

    @Nullable
    String hostname;

    private ContainerDraft(ContainerSpec from) {
        mode = from.mode();
        process = from.process();
        network = from.network();
        restart = from.restart();
        health = from.health();
        limits = from.limits();
        security = from.security();
        mounts = from.mounts();
        tmpfs = from.tmpfs();
        extraHosts = from.extraHosts();
        removeOnExit = from.removeOnExit();
        hostname = from.hostname();
    }

    /** A copy with some of it changed. */
    static ContainerSpec of(ContainerSpec from, Consumer<ContainerDraft> change) {
        ContainerDraft draft = new ContainerDraft(from);
        change.accept(draft);
        return new ContainerSpec(
                draft.mode,
                draft.process,
                draft.network,
                draft.restart,
                draft.health,
                draft.limits,
                draft.security,
                draft.mounts,
                draft.tmpfs,
                draft.extraHosts,
                draft.removeOnExit,
                draft.hostname);
    }
}
