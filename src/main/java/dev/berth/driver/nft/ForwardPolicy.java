package dev.berth.driver.nft;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The {@code FORWARD} chain of iptables. A packet has to pass every table, so a policy of drop there, which Docker and most firewalls
 * set, closes Berth's networks, whatever Berth's own table says. The remedy is what libvirt did for its networks: rules that let
 * the bridges' packets through, written as iptables writes them, so that it can read them. What may pass is decided in Berth's table.
 */
final class ForwardPolicy {
    static final String LIST = "list chain ip filter FORWARD";
    private static final Pattern DROPS = Pattern.compile("hook forward [^\n]*policy drop");

    private ForwardPolicy() {}

    /**
     * Commands that let bridges through; empty when nothing is in their way.
     *
     * @param listing what {@link #LIST} prints
     */
    static String remedy(String listing, List<GuardedNetwork> networks) {
        if (!DROPS.matcher(listing).find()) {
            return "";
        }
        List<String> commands = new ArrayList<>();
        for (GuardedNetwork network : networks) {
            for (String side : List.of("iifname", "oifname")) {
                String name = side + " \"" + network.bridge() + "\"";
                Pattern there = Pattern.compile("(?m)^\\s*" + Pattern.quote(name) + " counter [^\n]*accept$");
                if (!there.matcher(listing).find()) {
                    commands.add("insert rule ip filter FORWARD " + name + " counter accept\n");
                }
            }
        }
        return String.join("", commands);
    }
}
