package dev.berth.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.ParseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentCommandTest {
    @Test
    void whatIsNotSaidHasADefault() throws ParseException {
        AgentOptions options = AgentCommand.parse("--state", "/srv/berth", "--listen", "unix:/run/berth.sock");

        assertThat(options)
                .isEqualTo(new AgentOptions(
                        Path.of("/srv/berth"),
                        "unix:/run/berth.sock",
                        Path.of("tls"),
                        null,
                        "qemu:///system",
                        "auto",
                        List.of(),
                        Path.of("infra/image-build"),
                        Path.of("target/native"),
                        List.of(),
                        List.of(),
                        false,
                        false,
                        false,
                        false,
                        false));
    }

    @Test
    void everyOptionIsTaken() throws ParseException {
        AgentOptions options = AgentCommand.parse(
                "--state=/s --listen=tcp:h:1 --tls=/t --socket-group=g --libvirt-uri=test:///default --accelerator=tcg"
                        .concat(" --allow-path=/a --allow-path /b --image-build=/i --native=/n --allow-bind=/c")
                        .concat(" --allow-bind=/d --allow-capability=CAP_NET_RAW --allow-host-network --allow-nesting")
                        .concat(" --share-networks --keep-cgroup-mount --fake")
                        .split(" "));

        assertThat(options)
                .isEqualTo(new AgentOptions(
                        Path.of("/s"),
                        "tcp:h:1",
                        Path.of("/t"),
                        "g",
                        "test:///default",
                        "tcg",
                        List.of(Path.of("/a"), Path.of("/b")),
                        Path.of("/i"),
                        Path.of("/n"),
                        List.of(Path.of("/c"), Path.of("/d")),
                        List.of("CAP_NET_RAW"),
                        true,
                        true,
                        true,
                        true,
                        true));
    }

    @ParameterizedTest
    @CsvSource({
        "--listen unix:/x,state",
        "--state /s,listen",
        "--state /s --listen unix:/x --nested,--nested",
        "--state /s --listen unix:/x --share,--share",
        "--state /s --listen unix:/x extra,extra",
        "--state /s --state /t --listen unix:/x,--state",
        "--state /s --listen,listen",
        "--state /s --listen unix:/x --fake=yes,--fake",
    })
    void whatIsWrongIsNamed(String line, String named) {
        assertThatThrownBy(() -> AgentCommand.parse(line.split(" ")))
                .isInstanceOf(ParseException.class)
                .hasMessageContaining(named);
    }

    @Test
    void helpTellsOfEveryOptionAndNeedsNone() {
        assertThat(AgentCommand.text(List.of("--help")))
                .contains("berth-agent", "--allow-capability <NAME>", "--keep-cgroup-mount", "--state <DIR>");
        assertThat(AgentCommand.text(List.of("--version"))).startsWith("berth-agent ");
        assertThat(AgentCommand.text(List.of("--fake"))).isNull();
    }
}
