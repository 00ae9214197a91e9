package dev.berth.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a node is, by the link to its agent. */
class NodeConnectorTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "fake, -",
                "unix:/run/berth/agent.sock, -",
                "tcp:127.0.0.1:7443, -",
                "tcp:127.1.2.3:7443, -",
                "tcp:LocalHost:7443, -",
                "tcp:[::1]:7443, -",
                "tcp:node7.example:7443, node7.example",
                "tcp:10.0.0.7:7443, 10.0.0.7",
                "tcp:[fd00::7]:7443, fd00::7",
                "tcp:fd00::7:7443, fd00::7",
                "tcp:127.example:7443, 127.example"
            })
    void aNodeOfItsOwnHostHasAnAddress(String link, String address) {
        assertThat(NodeConnector.address(link)).isEqualTo(address);
    }
}
