package dev.berth.driver.lxc;

import dev.berth.kernel.BerthException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The numbers of signals, as {@code signal(7)} has them for x86 and ARM. */
final class Signals {
    static final int KILL = 9;
    static final int TERM = 15;
    static final int USR2 = 12;
    static final int PWR = 30;
    /** The first real-time signal that programs may use, as the GNU C library counts. */
    private static final int REAL_TIME_MIN = 34;

    private static final int REAL_TIME_MAX = 64;
    /** What systemd takes for the order to power off. */
    static final int HALT = REAL_TIME_MIN + 3;

    private static final Pattern REAL_TIME = Pattern.compile("RTMIN\\+(\\d{1,2})|RTMAX-(\\d{1,2})");

    private static final Map<String, Integer> NUMBERS = Map.ofEntries(
            Map.entry("HUP", 1),
            Map.entry("INT", 2),
            Map.entry("QUIT", 3),
            Map.entry("ABRT", 6),
            Map.entry("KILL", KILL),
            Map.entry("USR1", 10),
            Map.entry("USR2", USR2),
            Map.entry("ALRM", 14),
            Map.entry("TERM", TERM),
            Map.entry("CONT", 18),
            Map.entry("STOP", 19),
            Map.entry("TSTP", 20),
            Map.entry("WINCH", 28),
            Map.entry("PWR", PWR),
            Map.entry("RTMIN", REAL_TIME_MIN),
            Map.entry("RTMAX", REAL_TIME_MAX));

    private Signals() {}

    /** The number of a signal that is given by name, with or without SIG, or by number. */
    static int number(String text) {
        String name = text.strip().toUpperCase(Locale.ROOT).replaceFirst("^SIG", "");
        Matcher realTime = REAL_TIME.matcher(name);
        int number = -1;
        if (NUMBERS.containsKey(name)) {
            number = NUMBERS.get(name);
        } else if (realTime.matches()) {
            number = realTime.group(1) != null
                    ? REAL_TIME_MIN + Integer.parseInt(realTime.group(1))
                    : REAL_TIME_MAX - Integer.parseInt(realTime.group(2));
        } else if (name.matches("\\d{1,2}")) {
            number = Integer.parseInt(name);
        }
        if (number < 1 || number > REAL_TIME_MAX) {
            throw BerthException.invalid(
                    "/spec/process/stopSignal", "There is no such signal; write for example SIGTERM or SIGQUIT.");
        }
        return number;
    }
}
