package dev.berth.driver.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses a download may contact; nothing is contacted here. */
class AddressRulesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "100.64.0.1",
                "127.0.0.1",
                "127.255.0.9",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.51.100.7",
                "203.0.113.9",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::ffff:7f00:1",
                "::ffff:10.0.0.1",
                "::127.0.0.1",
                "64:ff9b::7f00:1",
                "2001::1",
                "2001:10::1",
                "2001:20::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "3fff::1",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void refuses(String address) throws UnknownHostException {
        assertThat(AddressRules.isPublic(InetAddress.getByName(address))).isFalse();
        assertThatThrownBy(() -> AddressRules.of(false).resolve(address))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ADDRESS_REFUSED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "100.63.0.1",
                "100.128.0.1",
                "172.15.0.1",
                "172.32.0.1",
                "198.20.0.1",
                "2606:4700::1",
                "2a00::1"
            })
    void allows(String address) throws UnknownHostException {
        assertThat(AddressRules.of(false).resolve(address)).containsExactly(InetAddress.getByName(address));
    }

    /** Programs read these differently; to {@code curl} each is 127.0.0.1. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2130706433",
                "0x7f000001",
                "0X7F.0.0.1",
                "0x7f.1",
                "127.1",
                "127.0.1",
                "0177.0.0.1",
                "017700000001",
                "127.0.0.01",
                "127.0.0.0x1",
                "127.0.0.1.",
                "0",
                "1.2.3.4.5",
                "256.0.0.1",
                "0x"
            })
    void refusesNumbersThatAreNoDottedQuad(String host) {
        assertThatThrownBy(() -> AddressRules.of(true).resolve(host))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ADDRESS_REFUSED));
    }

    @Test
    void refusesANameWithOnePrivateAddressAmongPublicOnes() throws UnknownHostException {
        List<InetAddress> mixed = List.of(InetAddress.getByName("1.1.1.1"), InetAddress.getByName("127.0.0.1"));
        AddressRules rules = new AddressRules(host -> mixed, AddressRules::isPublic);
        assertThatThrownBy(() -> rules.resolve("mixed.test"))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ADDRESS_REFUSED));
        assertThatThrownBy(() -> AddressRules.of(false).resolve("localhost"))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ADDRESS_REFUSED));
    }

    @Test
    void saysWhenAHostIsUnknown() {
        AddressRules rules = new AddressRules(
                host -> {
                    throw new UnknownHostException(host);
                },
                address -> true);
        assertThatThrownBy(() -> rules.resolve("nowhere.test"))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
}
