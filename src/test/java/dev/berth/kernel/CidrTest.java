package dev.berth.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CidrTest {
    @Test
    void knowsItsAddresses() {
        Cidr cidr = Cidr.parse("10.66.0.0/24");
        assertThat(cidr.at(1)).isEqualTo(new Ipv4("10.66.0.1"));
        assertThat(cidr.netmask()).isEqualTo("255.255.255.0");
        assertThat(cidr.contains(new Ipv4("10.66.0.255"))).isTrue();
        assertThat(cidr.contains(new Ipv4("10.66.1.0"))).isFalse();
    }

    @Test
    void refusesHostBits() {
        assertThatThrownBy(() -> Cidr.parse("10.66.0.1/24")).hasMessageContaining("must be zero");
    }
}
