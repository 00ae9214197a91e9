package dev.berth.agent;

import dev.berth.driver.NodeFacts;
import java.util.ArrayList;
import java.util.List;

/** What is said when another firewall may keep instances from the world. */
final class ForwardNotices {
    private static final String ADVICE =
            "Let the bridges of Berth pass there, for example: iptables -I FORWARD -i berth0 -j ACCEPT and"
                    + " iptables -I FORWARD -o berth0 -j ACCEPT. What may pass is decided in Berth's own tables.";

    private ForwardNotices() {}

    /**
     * The notices.
     *
     * @param passes whether the FORWARD chain that nftables shows lets the networks through
     * @param legacyTables the tables of the old iptables, which nftables does not show; one a line
     */
    static List<NodeFacts.Notice> of(boolean passes, String legacyTables) {
        List<NodeFacts.Notice> notices = new ArrayList<>();
        if (!passes) {
            notices.add(new NodeFacts.Notice(
                    NodeFacts.Notice.Level.WARNING,
                    "The FORWARD chain of iptables drops what it does not know (Docker sets that), so instances do not reach"
                            + " other networks and published ports do not answer.",
                    ADVICE));
        }
        if (legacyTables.lines().anyMatch("filter"::equals)) {
            notices.add(new NodeFacts.Notice(
                    NodeFacts.Notice.Level.INFO,
                    "This host uses iptables-legacy. If its FORWARD chain has the policy DROP, as Docker sets it, instances do"
                            + " not reach other networks and published ports do not answer.",
                    ADVICE));
        }
        return notices;
    }
}
