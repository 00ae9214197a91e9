package dev.berth.instance;

import dev.berth.driver.ContainerSpec;
import dev.berth.driver.ContainerSpec.Limits;
import dev.berth.driver.ContainerSpec.Security;
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
        refuse(change, given, "Only containers have this; this is a virtual machine.");
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

    private static void refuse(InstanceChanges.Change change, Map<String, @Nullable Object> fields, String why) {
        fields.forEach((name, value) -> {
            String pointer = "/" + name;
            if (value != null || change.clears(pointer)) {
                throw BerthException.invalid(pointer, why);
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
            boolean app = process != null;
            if (process == null) {
                refuse(
                        change,
                        process(change),
                        "A system container runs its own init, which finds its settings inside.");
            } else {
                draft.process = process(process, image, change);
            }
            if (change.restart() != null || change.clears("/restart")) {
                draft.restart = ContainerBlueprint.restart(change.restart());
            }
            draft.limits = ContainerBlueprint.limits(change.limits(), limits(before.limits(), change));
            draft.health = ContainerBlueprint.health(
                    change.health(), merged(change, "/health", null, before.health(), app ? image.health() : null));
            draft.security = ContainerBlueprint.security(
                    change.security(), security(before.security(), app ? Security.APP : Security.SYSTEM, change));
            draft.mounts = mounts;
            List<NewContainer.NewMount> wanted = change.wantedMounts();
            draft.tmpfs = wanted == null ? before.tmpfs() : ContainerBlueprint.tmpfs(wanted);
            draft.extraHosts = change.over(before.extraHosts(), "/extraHosts", change.extraHosts(), Map.of());
            draft.removeOnExit = change.over(before.removeOnExit(), "/removeOnExit", change.removeOnExit(), false);
            draft.hostname = merged(change, "/hostname", change.hostname(), before.hostname(), null);
        });
    }

    /** What is there of limits below those that are given. */
    private static Limits limits(Limits before, InstanceChanges.Change change) {
        Limits usual = Limits.USUAL;
        return new Limits(
                change.over(before.cpuWeight(), "/limits/cpuWeight", null, usual.cpuWeight()),
                merged(change, "/limits/cpuMillis", null, before.cpuMillis(), usual.cpuMillis()),
                change.over(before.swap(), "/limits/swap", null, usual.swap()),
                change.over(before.pids(), "/limits/pids", null, usual.pids()),
                change.over(before.ioWeight(), "/limits/ioWeight", null, usual.ioWeight()),
                change.over(before.ulimits(), "/limits/ulimits", null, usual.ulimits()));
    }

    private static Security security(Security before, Security usual, InstanceChanges.Change change) {
        return new Security(
                change.over(before.readOnlyRoot(), "/security/readOnlyRoot", null, usual.readOnlyRoot()),
                change.over(before.noNewPrivileges(), "/security/noNewPrivileges", null, usual.noNewPrivileges()),
                change.over(before.addCapabilities(), "/security/addCapabilities", null, usual.addCapabilities()),
                change.over(before.dropCapabilities(), "/security/dropCapabilities", null, usual.dropCapabilities()),
                change.over(before.nesting(), "/security/nesting", null, usual.nesting()));
    }

    /** As {@link InstanceChanges.Change#over}, for what there may be none of. */
    private static <T> @Nullable T merged(
            InstanceChanges.Change change, String pointer, @Nullable T given, @Nullable T before, @Nullable T usual) {
        if (given != null) {
            return given;
        }
        return change.clears(pointer) ? usual : before;
    }

    private static ProcessSpec process(ProcessSpec before, OciDetails.Config image, InstanceChanges.Change change) {
        Environment env = change.wanted("/env", change.env(), Environment.NONE);
        return new ProcessSpec(
                args(before, image, change),
                env == null
                        ? before.env()
                        : Environment.of(image.env()).and(env).lines(),
                merged(change, "/user", change.user(), before.user(), said(image.user())),
                merged(
                        change,
                        "/workingDirectory",
                        change.workingDirectory(),
                        before.workingDirectory(),
                        said(image.workingDirectory())),
                merged(change, "/stopSignal", change.stopSignal(), before.stopSignal(), said(image.stopSignal())),
                change.over(before.tty(), "/tty", change.tty(), false),
                change.over(before.stdin(), "/stdin", change.stdin(), false));
    }

    private static @Nullable String said(@Nullable String byImage) {
        return ContainerBlueprint.first(null, byImage);
    }

    private static List<String> args(ProcessSpec before, OciDetails.Config image, InstanceChanges.Change change) {
        List<String> entrypoint = change.entrypoint();
        List<String> command = change.command();
        boolean imagesOwn = change.clears("/entrypoint");
        if (entrypoint == null && command == null && !imagesOwn && !change.clears("/command")) {
            return before.args();
        }
        if (entrypoint == null && !imagesOwn && !begins(before.args(), image.entrypoint())) {
            // Where its own entry point ends and its command begins was not kept.
            throw BerthException.invalid(
                    "/command", "This container has an entry point of its own; give entrypoint and command together.");
        }
        // As in a create: the image's command goes with the image's entry point only.
        List<String> usual = entrypoint == null ? image.cmd() : List.of();
        List<String> args = new ArrayList<>(Objects.requireNonNullElse(entrypoint, image.entrypoint()));
        args.addAll(Objects.requireNonNullElse(command, usual));
        if (args.isEmpty() && command == null) {
            throw BerthException.invalid("/command", "The image does not say what to run; give a command.");
        }
        return args;
    }

    private static boolean begins(List<String> args, List<String> with) {
        return args.size() >= with.size() && args.subList(0, with.size()).equals(with);
    }
}
