package dev.berth.instance;

import dev.berth.driver.ContainerSpec;
import dev.berth.driver.MountSpec;
import dev.berth.driver.OciDetails;
import dev.berth.driver.ProcessSpec;
import dev.berth.kernel.BerthException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Fills a container's gaps: with what its image says, and with what is usual. */
final class ContainerBlueprint {
    private static final int USUAL_SECONDS = 30;
    private static final int USUAL_RETRIES = 3;
    private static final int TMPFS_MODE = 01777;

    private ContainerBlueprint() {}

    /** The specification that a request and an image come to. */
    static ContainerSpec draw(NewInstance request, OciDetails.Config image, List<MountSpec> mounts) {
        boolean boots = image.system() && image.entrypoint().isEmpty();
        ContainerSpec.Mode mode = Objects.requireNonNullElse(
                request.mode(), boots && isPlain(request) ? ContainerSpec.Mode.SYSTEM : ContainerSpec.Mode.APP);
        boolean app = mode == ContainerSpec.Mode.APP;
        if (!app && !isPlain(request)) {
            throw BerthException.invalid(
                    "/command", "A system container runs its own init; leave entrypoint and command out.");
        }
        return new ContainerSpec(
                mode,
                app ? process(request, image) : null,
                Objects.requireNonNullElse(request.networkMode(), ContainerSpec.NetworkMode.BRIDGE),
                restart(request.restart()),
                app ? health(request.health(), image.health()) : null,
                limits(request.limits(), ContainerSpec.Limits.USUAL),
                security(request.security(), app ? ContainerSpec.Security.APP : ContainerSpec.Security.SYSTEM),
                mounts,
                tmpfs(Objects.requireNonNullElse(request.mounts(), List.of())),
                Objects.requireNonNullElse(request.extraHosts(), Map.of()),
                Boolean.TRUE.equals(request.removeOnExit()),
                request.hostname());
    }

    /**
     * The specification on a newer image: what was as the old image said is as the new one says, what was chosen stays, and
     * so do volumes.
     */
    static ContainerSpec rebased(ContainerSpec spec, OciDetails.Config old, OciDetails.Config next) {
        return ContainerDraft.of(spec, draft -> {
            ProcessSpec process = draft.process;
            if (process == null) {
                return;
            }
            boolean chosen = !process.args().equals(joined(old.entrypoint(), old.cmd()));
            Map<String, String> env =
                    new LinkedHashMap<>(Environment.of(process.env()).variables());
            env.entrySet().removeAll(Environment.of(old.env()).variables().entrySet());
            draft.process = new ProcessSpec(
                    chosen ? process.args() : joined(next.entrypoint(), next.cmd()),
                    Environment.of(next.env()).and(new Environment(env)).lines(),
                    follow(process.user(), old.user(), next.user()),
                    follow(process.workingDirectory(), old.workingDirectory(), next.workingDirectory()),
                    follow(process.stopSignal(), old.stopSignal(), next.stopSignal()),
                    process.tty(),
                    process.stdin());
            if (Objects.equals(draft.health, old.health())) {
                draft.health = next.health();
            }
        });
    }

    private static List<String> joined(List<String> entrypoint, List<String> command) {
        List<String> args = new ArrayList<>(entrypoint);
        args.addAll(command);
        return args;
    }

    private static @Nullable String follow(@Nullable String has, @Nullable String old, @Nullable String next) {
        return Objects.equals(has, first(null, old)) ? first(null, next) : has;
    }

    private static boolean isPlain(NewInstance request) {
        return request.command() == null && request.entrypoint() == null;
    }

    private static ProcessSpec process(NewInstance request, OciDetails.Config image) {
        List<String> entrypoint = Objects.requireNonNullElse(request.entrypoint(), image.entrypoint());
        List<String> imageCommand = request.entrypoint() == null ? image.cmd() : List.of();
        List<String> args = new ArrayList<>(entrypoint);
        args.addAll(Objects.requireNonNullElse(request.command(), imageCommand));
        if (args.isEmpty()) {
            throw BerthException.invalid("/command", "The image does not say what to run; give a command.");
        }
        Environment env = Environment.of(image.env()).and(Objects.requireNonNullElse(request.env(), Environment.NONE));
        return new ProcessSpec(
                args,
                env.lines(),
                first(request.user(), image.user()),
                first(request.workingDirectory(), image.workingDirectory()),
                first(request.stopSignal(), image.stopSignal()),
                Boolean.TRUE.equals(request.tty()),
                Boolean.TRUE.equals(request.stdin()));
    }

    static @Nullable String first(@Nullable String wanted, @Nullable String usual) {
        // Images say nothing with an empty text; in a request it is a mistake, which the rules refuse.
        String image = usual == null || usual.isEmpty() ? null : usual;
        return wanted == null ? image : wanted;
    }

    static ContainerSpec.RestartPolicy restart(NewContainer.@Nullable NewRestart wanted) {
        return wanted == null
                ? ContainerSpec.RestartPolicy.NO
                : new ContainerSpec.RestartPolicy(wanted.policy(), Objects.requireNonNullElse(wanted.maxRetries(), 0));
    }

    static ContainerSpec.@Nullable HealthCheck health(
            NewContainer.@Nullable NewHealth wanted, ContainerSpec.@Nullable HealthCheck usual) {
        if (wanted == null) {
            return usual;
        }
        return wanted.command().isEmpty()
                ? null
                : new ContainerSpec.HealthCheck(
                        wanted.command(),
                        seconds(wanted.interval(), USUAL_SECONDS),
                        seconds(wanted.timeout(), USUAL_SECONDS),
                        Objects.requireNonNullElse(wanted.retries(), USUAL_RETRIES),
                        seconds(wanted.startPeriod(), 0));
    }

    private static Duration seconds(@Nullable Integer wanted, int usual) {
        return Duration.ofSeconds(Objects.requireNonNullElse(wanted, usual));
    }

    /** Limits of which some are changed. */
    static ContainerSpec.Limits limits(NewContainer.@Nullable NewLimits wanted, ContainerSpec.Limits usual) {
        return wanted == null
                ? usual
                : new ContainerSpec.Limits(
                        Objects.requireNonNullElse(wanted.cpuWeight(), usual.cpuWeight()),
                        wanted.cpuMillis() == null ? usual.cpuMillis() : wanted.cpuMillis(),
                        wanted.swap() == null ? usual.swap() : wanted.swap().bytes(),
                        Objects.requireNonNullElse(wanted.pids(), usual.pids()),
                        Objects.requireNonNullElse(wanted.ioWeight(), usual.ioWeight()),
                        Objects.requireNonNullElse(wanted.ulimits(), usual.ulimits()));
    }

    static ContainerSpec.Security security(NewContainer.@Nullable NewSecurity wanted, ContainerSpec.Security usual) {
        return wanted == null
                ? usual
                : new ContainerSpec.Security(
                        Objects.requireNonNullElse(wanted.readOnlyRoot(), usual.readOnlyRoot()),
                        Objects.requireNonNullElse(wanted.noNewPrivileges(), usual.noNewPrivileges()),
                        Objects.requireNonNullElse(wanted.addCapabilities(), usual.addCapabilities()),
                        Objects.requireNonNullElse(wanted.dropCapabilities(), usual.dropCapabilities()),
                        Objects.requireNonNullElse(wanted.nesting(), usual.nesting()));
    }

    /** The file systems in memory among requested mounts. */
    static List<ContainerSpec.Tmpfs> tmpfs(List<NewContainer.NewMount> mounts) {
        List<ContainerSpec.Tmpfs> all = new ArrayList<>();
        for (NewContainer.NewMount mount : mounts) {
            if (mount.tmpfs() != null) {
                all.add(new ContainerSpec.Tmpfs(mount.target(), mount.tmpfs().bytes(), TMPFS_MODE));
            }
        }
        return all;
    }
}
