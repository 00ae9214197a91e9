package dev.berth.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.kernel.Cidr;
import org.junit.jupiter.api.Test;

class AddressPlanTest {
    private static final Cidr SUBNET = Cidr.parse("10.66.0.0/28");
    private final AddressPlan plan = new AddressPlan(SUBNET, SUBNET.at(12));

    @Test
    void beginsAfterTheFirstTenAndLeavesOutGatewayAndBroadcastAddress() {
        assertThat(plan.at(0, plan.turns()))
                .containsExactly(SUBNET.at(10), SUBNET.at(11), SUBNET.at(13), SUBNET.at(14));
    }

    @Test
    void goesRoundAndRound() {
        assertThat(plan.at(4 + 2 * plan.turns(), 2)).containsExactly(SUBNET.at(14), SUBNET.at(10));
    }

    @Test
    void knowsTheTurnOfAnAddress() {
        assertThat(plan.turnOf(SUBNET.at(13))).isEqualTo(3);
        assertThat(plan.turnOf(SUBNET.at(9))).isNegative();
    }

    @Test
    void smallSubnetsHaveNoTurns() {
        Cidr tiny = Cidr.parse("10.66.0.0/29");
        assertThat(new AddressPlan(tiny, tiny.at(1)).turns()).isZero();
    }
}
