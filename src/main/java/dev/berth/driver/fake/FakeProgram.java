package dev.berth.driver.fake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a command in a fake container does: {@code true}, {@code false}, {@code echo}, {@code sleep N}, {@code exit N},
 * {@code env}, {@code pwd}, {@code hostname}, {@code id}, {@code cat}, and {@code sh -c} with some of them between
 * semicolons; {@code echo} knows {@code >&2}.
 *
 * @param runs how long it takes; null for ever
 * @param code its exit code; 127 for a program that is not there
 */
record FakeProgram(String stdout, String stderr, @Nullable Duration runs, int code) {
    private static final int NOT_FOUND = 127;

    /** What a command may see. */
    record Surroundings(String hostname, List<String> env, String directory, String user, String stdin) {}

    static FakeProgram read(List<String> args, Surroundings at) {
        if (args.size() > 2
                && args.get(0).matches("(/bin/)?(ba)?sh")
                && args.get(1).equals("-c")) {
            return script(args.get(2), at);
        }
        return one(args, at);
    }

    private static FakeProgram script(String text, Surroundings at) {
        FakeProgram all = said("");
        for (String command : text.split(";|&&|\n")) {
            if (command.isBlank() || all.runs == null) {
                continue;
            }
            FakeProgram next = one(Arrays.asList(command.strip().split("\\s+")), at);
            all = all.then(next);
            if (command.strip().matches("(exec|exit).*")) {
                break;
            }
        }
        return all;
    }

    private FakeProgram then(FakeProgram next) {
        Duration both = runs == null || next.runs == null ? null : runs.plus(next.runs);
        return new FakeProgram(stdout + next.stdout, stderr + next.stderr, both, next.code);
    }

    private static FakeProgram said(String text) {
        return new FakeProgram(text, "", Duration.ZERO, 0);
    }

    private static FakeProgram one(List<String> args, Surroundings at) {
        List<String> words = new ArrayList<>(args);
        if (words.getFirst().equals("exec") && words.size() > 1) {
            words.removeFirst();
        }
        String name = words.getFirst().replaceFirst("^.*/", "");
        List<String> rest = words.subList(1, words.size());
        return switch (name) {
            case "true", ":" -> said("");
            case "false" -> new FakeProgram("", "", Duration.ZERO, 1);
            case "echo" -> echo(rest);
            case "sleep" -> new FakeProgram("", "", time(rest), 0);
            case "exit" -> new FakeProgram("", "", Duration.ZERO, rest.isEmpty() ? 0 : number(rest.getFirst()));
            case "env" -> said(String.join("\n", at.env()) + (at.env().isEmpty() ? "" : "\n"));
            case "pwd" -> said(at.directory() + "\n");
            case "hostname" -> said(at.hostname() + "\n");
            case "id" -> said(at.user() + "\n");
            case "cat" -> said(at.stdin());
            default -> new FakeProgram("", name + ": not found\n", Duration.ZERO, NOT_FOUND);
        };
    }

    /** The same as a container's main process: what is no command of these runs for ever, as servers do. */
    static FakeProgram main(List<String> args, Surroundings at) {
        FakeProgram read = read(args, at);
        if (read.code != NOT_FOUND) {
            return read;
        }
        return args.getFirst().contains("missing")
                ? read
                : new FakeProgram(args.getFirst() + ": started\n", "", null, 0);
    }

    private static FakeProgram echo(List<String> words) {
        boolean error = !words.isEmpty() && words.getLast().equals(">&2");
        String text = String.join(" ", error ? words.subList(0, words.size() - 1) : words)
                        .replaceAll("^\"|\"$|^'|'$", "")
                + "\n";
        return error ? new FakeProgram("", text, Duration.ZERO, 0) : said(text);
    }

    private static @Nullable Duration time(List<String> rest) {
        String text = rest.isEmpty() ? "0" : rest.getFirst();
        return text.equals("infinity") ? null : Duration.ofMillis((long) (Double.parseDouble(text) * 1000));
    }

    private static int number(String text) {
        return Integer.parseInt(text) & 0xFF;
    }
}
