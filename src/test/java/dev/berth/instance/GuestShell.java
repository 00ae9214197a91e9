package dev.berth.instance;

import dev.berth.console.ConsoleClient;
import dev.berth.installation.Await;
import java.net.URI;

/** The root shell of a tiny guest on its serial console, used through the WebSocket as a browser would. */
final class GuestShell implements AutoCloseable {
    private final ConsoleClient console;
    private int number = 1000;

    private GuestShell(ConsoleClient console) {
        this.console = console;
    }

    static GuestShell open(URI address, String ticket, String token, String origin) {
        GuestShell shell = new GuestShell(ConsoleClient.open(address, ticket, token, origin));
        shell.run("stty cols 200 2>/dev/null");
        return shell;
    }

    private boolean said(String mark, int from) {
        if (console.isClosed()) {
            throw new ConsoleClient.Closed(console.control());
        }
        return console.said().indexOf(mark, from) >= 0;
    }

    /** Runs a command and returns what the console said until it ended, the typed line included. */
    String run(String command) {
        number++;
        int from = console.said().length();
        // The shell works the end mark out, so it is not in the echo of what was typed.
        console.type(command + "; echo end-$((" + number + "+1))x\r");
        String mark = "end-" + (number + 1) + "x";
        Await.until(
                Machines.PATIENCE,
                () -> "'" + command + "' did not end:\n" + console.said() + console.control(),
                () -> said(mark, from));
        String said = console.said();
        return said.substring(from, said.indexOf(mark, from));
    }

    /** Starts something that goes on by itself. */
    void type(String line) {
        console.type(line + "\r");
    }

    String said() {
        return console.said();
    }

    @Override
    public void close() {
        console.close();
    }
}
