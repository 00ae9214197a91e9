package dev.berth.driver.nft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.kernel.Cidr;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is done about a FORWARD chain that drops. */
class ForwardPolicyTest {
    private static final List<GuardedNetwork> NETWORKS =
            List.of(new GuardedNetwork("berth0", Cidr.parse("10.66.0.0/16")));

    private static String chain(String policy, String... rules) {
        return "table ip filter {\n\tchain FORWARD {\n\t\ttype filter hook forward priority filter; policy " + policy
                + ";\n" + String.join("", rules) + "\t}\n}\n";
    }

    @Test
    void a_chain_that_accepts_is_left_alone() {
        assertThat(ForwardPolicy.remedy(chain("accept"), NETWORKS)).isEmpty();
    }

    @Test
    void a_chain_that_drops_lets_bridges_through_once() {
        assertThat(ForwardPolicy.remedy(chain("drop", "\t\tcounter jump DOCKER-USER\n"), NETWORKS))
                .isEqualTo("insert rule ip filter FORWARD iifname \"berth0\" counter accept\n"
                        + "insert rule ip filter FORWARD oifname \"berth0\" counter accept\n");
        String there = chain(
                "drop",
                "\t\toifname \"berth0\" counter packets 7 bytes 420 accept\n",
                "\t\tiifname \"berth0\" counter packets 0 bytes 0 accept\n");
        assertThat(ForwardPolicy.remedy(there, NETWORKS)).isEmpty();
    }

    @Test
    void a_rule_for_a_part_of_the_traffic_is_not_taken_for_ours() {
        String partial = chain("drop", "\t\tiifname \"berth0\" oifname \"docker0\" counter packets 0 bytes 0 accept\n");
        assertThat(ForwardPolicy.remedy(partial, NETWORKS)).contains("iifname").contains("oifname");
    }
}
