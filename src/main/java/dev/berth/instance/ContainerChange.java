package dev.berth.instance;

import dev.berth.driver.ContainerSpec;
import dev.berth.driver.MountSpec;
import dev.berth.driver.OciDetails;
import dev.berth.driver.ProcessSpec;
import dev.berth.kernel.BerthException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a request changes of a container, in the words of a create; {@link DefinitionRules} check what it comes to. */
final class ContainerChange {
    private ContainerChange() {}

    /** Refuses, for a virtual machine, what only containers have. */
    static void refuse(InstanceChanges.Change change) {
        Map<String, @Nullable Object> given = new LinkedHashMap<>(process(change));
        given.put("limits", change.limits());
        given.put("restart", change.restart());
        given.put("health", change.health());
        given.put("security", change.security());
        given.put("mounts", change.mounts());
        given.put("extraHosts", change.extraHosts());
        given.put("removeOnExit", change.removeOnExit());
        given.put("hostname", change.hostname());
        refuse(given, "Only containers have this; this is a virtual machine.");
    }

    private static Map<String, @Nullable Object> process(InstanceChanges.Change change) {
        Map<String, @Nullable Object> given = new LinkedHashMap<>();
        given.put("entrypoint", change.entrypoint());
        given.put("command", change.command());
        given.put("env", change.env());
        given.put("user", change.user());
        given.put("workingDirectory", change.workingDirectory());
        given.put("stopSignal", change.stopSignal());
        given.put("tty", change.tty());
        given.put("stdin", change.stdin());
        return given;
    }

    private static void refuse(Map<String, @Nullable Object> fields, String why) {
        fields.forEach((name, value) -> {
            if (value != null) {
                throw BerthException.invalid("/" + name, why);
            }
        });
    }

    /**
     * The container as it is to be.
     *
     * @param image what its image declares
     * @param mounts volumes and host paths that it is to have
     */
    static ContainerSpec of(
            ContainerSpec before, OciDetails.Config image, InstanceChanges.Change change, List<MountSpec> mounts) {
        return ContainerDraft.of(before, draft -> {
            ProcessSpec process = before.process();
            if (process == null) {
                refuse(process(change), "A system container runs its own init, which finds its settings inside.");
            } else {
                draft.process = process(process, image, change);
            }
            if (change.restart() != null) {
                draft.restart = ContainerBlueprint.restart(change.restart());
            }
            draft.limits = ContainerBlueprint.limits(change.limits(), before.limits());
            draft.health = ContainerBlueprint.health(change.health(), before.health());
            draft.security = ContainerBlueprint.security(change.security(), before.security());
            draft.mounts = mounts;
            draft.tmpfs = change.mounts() == null ? before.tmpfs() : ContainerBlueprint.tmpfs(change.mounts());
            draft.extraHosts = Objects.requireNonNullElse(change.extraHosts(), before.extraHosts());
            draft.removeOnExit = Objects.requireNonNullElse(change.removeOnExit(), before.removeOnExit());
            draft.hostname = change.hostname() == null ? before.hostname() : change.hostname();
        });
    }

    private static ProcessSpec process(ProcessSpec before, OciDetails.Config image, InstanceChanges.Change change) {
        Environment env = change.env();
        return new ProcessSpec(
                args(before, image, change),
                env == null
                        ? before.env()
                        : Environment.of(image.env()).and(env).lines(),
                change.user() == null ? before.user() : change.user(),
                change.workingDirectory() == null ? before.workingDirectory() : change.workingDirectory(),
                change.stopSignal() == null ? before.stopSignal() : change.stopSignal(),
                Objects.requireNonNullElse(change.tty(), before.tty()),
                Objects.requireNonNullElse(change.stdin(), before.stdin()));
    }

    private static List<String> args(ProcessSpec before, OciDetails.Config image, InstanceChanges.Change change) {
        List<String> entrypoint = change.entrypoint();
        List<String> command = change.command();
        if (entrypoint == null && command == null) {
            return before.args();
        }
        if (entrypoint == null && !begins(before.args(), image.entrypoint())) {
            // Where its own entry point ends and its command begins was not kept.
            throw BerthException.invalid(
                    "/command", "This container has an entry point of its own; give entrypoint and command together.");
        }
        List<String> args = new ArrayList<>(Objects.requireNonNullElse(entrypoint, image.entrypoint()));
        args.addAll(Objects.requireNonNullElse(command, List.<String>of()));
        return args;
    }

    private static boolean begins(List<String> args, List<String> with) {
        return args.size() >= with.size() && args.subList(0, with.size()).equals(with);
    }
}
