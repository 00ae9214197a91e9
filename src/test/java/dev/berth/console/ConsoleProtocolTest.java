package dev.berth.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ConsoleProtocolTest {
    @Test
    void findsTheTicketBesideTheProtocol() {
        assertThat(ConsoleProtocol.ticket("berth.console.v1, ticket.abc-_9")).contains("abc-_9");
        assertThat(ConsoleProtocol.ticket("ticket.abc,berth.console.v1")).contains("abc");
    }

    @Test
    void aTicketWithoutTheProtocolIsNone() {
        assertThat(ConsoleProtocol.ticket("ticket.abc")).isEmpty();
        assertThat(ConsoleProtocol.ticket("berth.console.v1")).isEmpty();
        assertThat(ConsoleProtocol.ticket(null)).isEmpty();
    }

    @Test
    void readsASize() {
        assertThat(ConsoleProtocol.control("{\"type\":\"resize\",\"columns\":80,\"rows\":24}"))
                .contains(new ConsoleProtocol.Resize(80, 24));
    }

    @Test
    void laterTypesOfControlFramesAreLeftAlone() {
        assertThat(ConsoleProtocol.control("{\"type\":\"ping\"}")).isEmpty();
    }

    @Test
    void refusesWhatIsNoControlFrame() {
        for (String text : new String[] {
            "",
            "[]",
            "nonsense",
            "{}",
            "{\"type\":7}",
            "{\"type\":\"resize\",\"columns\":0,\"rows\":24}",
            "{\"type\":\"resize\",\"columns\":80,\"rows\":100000}"
        }) {
            assertThatIllegalArgumentException().as(text).isThrownBy(() -> ConsoleProtocol.control(text));
        }
    }

    @Test
    void theLastFrameSaysWhyAndQuotesIt() {
        assertThat(ConsoleProtocol.closed("the \"guest\" left"))
                .isEqualTo("{\"type\":\"closed\",\"reason\":\"the \\\"guest\\\" left\"}");
    }
}
