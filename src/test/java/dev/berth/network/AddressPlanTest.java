package dev.berth.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.Cidr;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Ipv4;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressPlanTest {
    private static final Cidr SUBNET = Cidr.parse("10.66.0.0/28");
    private static final Ipv4 GATEWAY = SUBNET.at(1);

    @Test
    void takesTheLowestFreeAddressAfterTheFirstTen() {
        assertThat(AddressPlan.free(SUBNET, GATEWAY, Set.of())).isEqualTo(SUBNET.at(10));
        assertThat(AddressPlan.free(SUBNET, GATEWAY, Set.of(SUBNET.at(10), SUBNET.at(12))))
                .isEqualTo(SUBNET.at(11));
    }

    @Test
    void neverGivesAwayTheGateway() {
        assertThat(AddressPlan.free(SUBNET, SUBNET.at(10), Set.of())).isEqualTo(SUBNET.at(11));
    }

    @Test
    void neverGivesAwayTheBroadcastAddressAndSaysWhenAllAreTaken() {
        Set<Ipv4> taken = new HashSet<>();
        for (int i = 10; i < 15; i++) {
            taken.add(AddressPlan.free(SUBNET, GATEWAY, taken));
        }
        assertThat(taken).doesNotContain(SUBNET.at(15)).hasSize(5);
        assertThatThrownBy(() -> AddressPlan.free(SUBNET, GATEWAY, taken))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_CAPACITY));
    }
}
