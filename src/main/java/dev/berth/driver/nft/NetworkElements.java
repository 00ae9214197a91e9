package dev.berth.driver.nft;

import java.util.List;

/** The elements of networks. They are few and change seldom, so all are replaced. */
final class NetworkElements {
    private NetworkElements() {}

    static String replacing(String table, List<GuardedNetwork> networks) {
        StringBuilder text = new StringBuilder();
        for (String set : List.of("bridges", "pairs", "subnets")) {
            text.append("flush set inet " + table + " " + set + "\n");
        }
        for (GuardedNetwork network : networks) {
            String bridge = '"' + network.bridge() + '"';
            text.append("add element inet " + table + " bridges { " + bridge + " }\n");
            text.append("add element inet " + table + " pairs { " + bridge + " . " + bridge + " }\n");
            text.append("add element inet " + table + " subnets { " + network.subnet() + " }\n");
        }
        return text.toString();
    }
}
