package dev.berth.driver.lxc;

import dev.berth.kernel.BerthException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The environment of a process in a container: a few usual variables, then those that were asked for. */
final class Environment {
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private Environment() {}

    static List<String> of(List<String> asked, Accounts.Account account) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("PATH", PATH);
        variables.put("HOME", account.home());
        for (String pair : asked) {
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw BerthException.invalid("/spec/process/env", "A variable is written NAME=value.");
            }
            variables.put(pair.substring(0, equals), Plan.line("env", pair.substring(equals + 1)));
        }
        List<String> pairs = new ArrayList<>();
        variables.forEach((name, value) -> pairs.add(name + "=" + value));
        return pairs;
    }
}
