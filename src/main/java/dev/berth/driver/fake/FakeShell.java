package dev.berth.driver.fake;

import dev.berth.driver.ConsoleOutput;
import dev.berth.driver.ConsoleStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A shell that knows a few words: {@code echo}, {@code uname}, {@code hostname}, {@code stty size}, {@code exit N} and {@code help}. */
final class FakeShell implements ConsoleStream {
    private final FakeInstance instance;
    private final ConsoleOutput output;
    private final StringBuilder line = new StringBuilder();
    private String size = "24 80";
    private boolean closed;

    FakeShell(FakeInstance instance, ConsoleOutput output) {
        this.instance = instance;
        this.output = output;
        say("\r\n" + prompt());
    }

    private String prompt() {
        return instance.definition().name() + ":~# ";
    }

    @Override
    public synchronized void write(byte[] data) {
        for (char c : new String(data, StandardCharsets.UTF_8).toCharArray()) {
            switch (c) {
                case '\r', '\n' -> {
                    String command = line.toString().strip();
                    line.setLength(0);
                    if (command.matches("exit( \\d{1,3})?")) {
                        end("exit " + (command.length() > 5 ? command.substring(5) : "0"));
                        return;
                    }
                    say("\r\n" + answer(command) + prompt());
                }
                case '\b', 127 -> {
                    if (!line.isEmpty()) {
                        line.setLength(line.length() - 1);
                        say("\b \b");
                    }
                }
                default -> {
                    line.append(c);
                    say(String.valueOf(c));
                }
            }
        }
    }

    private String answer(String command) {
        String[] words = command.split("\\s+", 2);
        return switch (words[0]) {
            case "" -> "";
            case "echo" -> (words.length > 1 ? words[1] : "") + "\r\n";
            case "uname" -> "Linux\r\n";
            case "hostname" -> instance.definition().name() + "\r\n";
            case "stty" -> size + "\r\n";
            case "help" -> "echo uname hostname stty exit help\r\n";
            default -> "sh: " + words[0] + ": not found\r\n";
        };
    }

    private void say(String text) {
        if (!closed) {
            instance.print(text);
            output.data(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public synchronized void resize(int columns, int rows) {
        size = rows + " " + columns;
    }

    @Override
    public synchronized void close() {
        end(null);
    }

    private void end(@Nullable String reason) {
        if (!closed) {
            closed = true;
            output.closed(reason);
        }
    }
}
