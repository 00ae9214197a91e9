package dev.berth.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.help.HelpFormatter;
import org.apache.commons.cli.help.TextHelpAppendable;
import org.jspecify.annotations.Nullable;

/** The agent's command line. */
final class AgentCommand {
    private static final String NAME = "berth-agent";

    private static final Option STATE =
            required("state", "DIR", "Directory of images and instances; has to be readable for QEMU's user.");
    private static final Option LISTEN = required("listen", "ADDRESS", "unix:PATH or tcp:HOST:PORT.");
    private static final Option TLS =
            value("tls", "DIR", "Directory with ca.pem, cert.pem and key.pem; needed for tcp; default tls.");
    private static final Option SOCKET_GROUP =
            value("socket-group", "GROUP", "Group that may use the unix socket beside root.");
    private static final Option LIBVIRT_URI =
            value("libvirt-uri", "URI", "libvirt connection; default qemu:///system.");
    private static final Option ACCELERATOR = value("accelerator", "KIND", "auto, kvm or tcg; default auto.");
    private static final Option ALLOW_PATH =
            value("allow-path", "DIR", "Directory below which images may be imported from; repeatable.");
    private static final Option IMAGE_BUILD =
            value("image-build", "FILE", "The program that builds images by recipe; default infra/image-build.");
    private static final Option NATIVE = value(
            "native",
            "DIR",
            "Directory of the programs berth-unpack, berth-launch and berth-init; default target/native.");
    private static final Option ALLOW_BIND =
            value("allow-bind", "DIR", "Directory below which containers may mount files of this host; repeatable.");
    private static final Option ALLOW_CAPABILITY = value(
            "allow-capability",
            "NAME",
            "Linux capability that containers may ask for beyond the usual ones; repeatable.");
    private static final Option ALLOW_HOST_NETWORK =
            flag("allow-host-network", "Let containers use this host's own network.");
    private static final Option ALLOW_NESTING = flag("allow-nesting", "Let containers run containers.");
    private static final Option SHARE_NETWORKS = flag(
            "share-networks", "Let instances of different projects reach each other on the networks that they share.");
    private static final Option KEEP_CGROUP_MOUNT = flag(
            "keep-cgroup-mount",
            "Leave this host's cgroup mount as it is; without this it gets the option favordynmods, for quicker starts"
                    + " of containers.");
    private static final Option FAKE = flag("fake", "Serve a node that exists in memory only.");
    private static final Option HELP = flag("help", "Show this and end.");
    private static final Option VERSION = flag("version", "Show the version and end.");

    private static final Set<Option> REPEATABLE = Set.of(ALLOW_PATH, ALLOW_BIND, ALLOW_CAPABILITY);
    private static final List<Option> ALL = List.of(
            STATE,
            LISTEN,
            TLS,
            SOCKET_GROUP,
            LIBVIRT_URI,
            ACCELERATOR,
            ALLOW_PATH,
            IMAGE_BUILD,
            NATIVE,
            ALLOW_BIND,
            ALLOW_CAPABILITY,
            ALLOW_HOST_NETWORK,
            ALLOW_NESTING,
            SHARE_NETWORKS,
            KEEP_CGROUP_MOUNT,
            FAKE,
            HELP,
            VERSION);

    private AgentCommand() {}

    /** The text that is asked for instead of an agent, or null. What an agent needs may be missing then. */
    static @Nullable String text(List<String> arguments) {
        if (arguments.contains("--" + HELP.getLongOpt())) {
            return help();
        }
        return arguments.contains("--" + VERSION.getLongOpt()) ? NAME + " " + AgentMain.version() + "\n" : null;
    }

    /** @throws ParseException with a message that names the option at fault */
    static AgentOptions parse(String... arguments) throws ParseException {
        CommandLine line =
                DefaultParser.builder().setAllowPartialMatching(false).get().parse(options(), arguments);
        if (!line.getArgList().isEmpty()) {
            throw new ParseException("Unexpected argument: " + line.getArgList().getFirst());
        }
        Set<Option> seen = new HashSet<>();
        for (Option option : line.getOptions()) {
            if (!seen.add(option) && !REPEATABLE.contains(option)) {
                throw new ParseException("Given more than once: --" + option.getLongOpt());
            }
        }
        try {
            return read(line);
        } catch (InvalidPathException e) {
            throw new ParseException("Not a path: " + e.getInput());
        }
    }

    private static AgentOptions read(CommandLine line) {
        return new AgentOptions(
                Path.of(line.getOptionValue(STATE)),
                line.getOptionValue(LISTEN),
                Path.of(line.getOptionValue(TLS, "tls")),
                line.getOptionValue(SOCKET_GROUP),
                line.getOptionValue(LIBVIRT_URI, "qemu:///system"),
                line.getOptionValue(ACCELERATOR, "auto"),
                paths(line, ALLOW_PATH),
                Path.of(line.getOptionValue(IMAGE_BUILD, "infra/image-build")),
                Path.of(line.getOptionValue(NATIVE, "target/native")),
                paths(line, ALLOW_BIND),
                values(line, ALLOW_CAPABILITY),
                line.hasOption(ALLOW_HOST_NETWORK),
                line.hasOption(ALLOW_NESTING),
                line.hasOption(SHARE_NETWORKS),
                line.hasOption(KEEP_CGROUP_MOUNT),
                line.hasOption(FAKE));
    }

    /** What every option means. */
    static String help() {
        StringBuilder text = new StringBuilder();
        try {
            HelpFormatter.builder()
                    .setHelpAppendable(new TextHelpAppendable(text))
                    .setShowSince(false)
                    .get()
                    .printHelp(NAME, "Runs instances on this node for Berth.", options(), "", true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static Options options() {
        Options options = new Options();
        ALL.forEach(options::addOption);
        return options;
    }

    private static List<Path> paths(CommandLine line, Option option) {
        return values(line, option).stream().map(Path::of).toList();
    }

    private static List<String> values(CommandLine line, Option option) {
        String[] values = line.getOptionValues(option);
        return values == null ? List.of() : List.of(values);
    }

    private static Option flag(String name, String description) {
        return Option.builder().longOpt(name).desc(description).get();
    }

    private static Option value(String name, String argument, String description) {
        return Option.builder()
                .longOpt(name)
                .hasArg()
                .argName(argument)
                .desc(description)
                .get();
    }

    private static Option required(String name, String argument, String description) {
        Option option = value(name, argument, description);
        option.setRequired(true);
        return option;
    }
}
