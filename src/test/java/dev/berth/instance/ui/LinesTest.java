package dev.berth.instance.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.ContainerSpec.Ulimit;
import dev.berth.kernel.BerthException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Variables, hosts, limits and capabilities as people write them. */
class LinesTest {
    @Test
    void spacesBelongToValuesOnly() {
        Map<String, String> parsed = Variables.parse("\n  A =  b c \nEMPTY=\nURL=http://x/?a=b\n");
        assertThat(parsed).isEqualTo(Map.of("A", "  b c ", "EMPTY", "", "URL", "http://x/?a=b"));
        assertThat(Variables.parse(Variables.text(parsed))).isEqualTo(parsed);
        assertThatThrownBy(() -> Variables.parse("A"))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("write NAME=value");
    }

    @Test
    void variablesOfSeveralLinesAreNoText() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("KEY", "-----BEGIN\nabc");
        variables.put("A", "b");
        assertThat(Variables.text(variables)).isEqualTo("A=b");
    }

    @Test
    void whatTheImageGivesIsNotTheContainersOwn() {
        assertThat(Variables.beyond(List.of("PATH=/bin", "LANG=C"), List.of("PATH=/bin", "LANG=de", "A=b=c")))
                .isEqualTo(Map.of("LANG", "de", "A", "b=c"));
    }

    @Test
    void hostsAreWrittenAsInEtcHosts() {
        Map<String, String> parsed = Hosts.parse(" 10.0.0.5   db.example \n\n10.0.0.6 cache");
        assertThat(parsed).isEqualTo(Map.of("db.example", "10.0.0.5", "cache", "10.0.0.6"));
        assertThat(Hosts.text(parsed)).isEqualTo("10.0.0.6 cache\n10.0.0.5 db.example");
        assertThatThrownBy(() -> Hosts.parse("db.example")).isInstanceOf(BerthException.class);
    }

    @Test
    void limitsHaveOneNumberOrTwo() {
        List<Ulimit> parsed = Ulimits.parse("nofile=1024:4096\ncore = unlimited\nnproc=10:unlimited");
        assertThat(parsed)
                .containsExactly(
                        new Ulimit("nofile", 1024, 4096), new Ulimit("core", -1, -1), new Ulimit("nproc", 10, -1));
        assertThat(Ulimits.parse(Ulimits.text(parsed))).isEqualTo(parsed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nofile", "nofile=", "nofile=-1", "nofile=1:2:3", "=5", "nofile=many"})
    void whatIsNoLimitIsRefused(String line) {
        assertThatThrownBy(() -> Ulimits.parse(line))
                .isInstanceOfSatisfying(BerthException.class, refusal -> assertThat(refusal.details())
                        .containsEntry("pointer", "/limits/ulimits"));
    }

    @Test
    void capabilitiesGoWithoutTheirPrefix() {
        assertThat(Capabilities.parse("net_raw, CAP_CHOWN  all", "/x"))
                .containsExactly("CAP_NET_RAW", "CAP_CHOWN", "ALL");
        assertThat(Capabilities.text(List.of("CAP_NET_RAW", "ALL"))).isEqualTo("CAP_NET_RAW ALL");
    }
}
