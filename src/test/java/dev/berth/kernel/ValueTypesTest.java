package dev.berth.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTypesTest {
    @ParameterizedTest
    @CsvSource({"0,0 B", "1023,1023 B", "1024,1 KiB", "1536,1.5 KiB", "536870912,512 MiB", "1610612736,1.5 GiB"})
    void sizesReadWell(long bytes, String display) {
        assertThat(new DataSize(bytes).display()).isEqualTo(display);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, 1L << 53, Long.MAX_VALUE})
    void sizesThatJsonReadersCannotKeepAreRefused(long bytes) {
        assertThatThrownBy(() -> new DataSize(bytes)).isInstanceOf(BerthException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 513, Integer.MAX_VALUE})
    void cpuCountsHaveBounds(int count) {
        assertThatThrownBy(() -> new CpuCount(count)).isInstanceOf(BerthException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "a.b.c.d", "::1"})
    void addressesOfOtherFormsAreRefused(String text) {
        assertThatThrownBy(() -> new Ipv4(text)).isInstanceOf(BerthException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "10.66.0.10", "255.255.255.255"})
    void addressesSurviveTheWayThroughBits(String text) {
        assertThat(Ipv4.ofBits(new Ipv4(text).bits())).isEqualTo(new Ipv4(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "52:54:00:12:34", "53:54:00:12:34:56", "52-54-00-12-34-56", "52:54:00:12:34:5g"})
    void onlyUnicastMacAddressesAreAccepted(String text) {
        assertThatThrownBy(() -> new MacAddress(text)).isInstanceOf(BerthException.class);
    }

    @Test
    void randomMacAddressesAreValid() {
        assertThat(MacAddress.random().value()).startsWith("52:54:00:");
        assertThat(new MacAddress("52:54:00:AB:CD:EF").value()).isEqualTo("52:54:00:ab:cd:ef");
    }

    @Test
    void idsAreVersionSevenAndOrderedByTime() {
        UUID early = Uuids.at(1_000_000L);
        UUID late = Uuids.at(1_000_001L);
        assertThat(early.version()).isEqualTo(7);
        assertThat(early.variant()).isEqualTo(2);
        assertThat(early.toString()).isLessThan(late.toString());
    }

    @Test
    void revertRunsNewestFirstAndSurvivesAFailure() {
        List<String> done = new ArrayList<>();
        List<RuntimeException> failures = new ArrayList<>();
        try (Revert revert = new Revert(failures::add)) {
            revert.add(() -> done.add("first"));
            revert.add(() -> {
                throw new IllegalStateException("second");
            });
            revert.add(() -> done.add("third"));
        }
        assertThat(done).containsExactly("third", "first");
        assertThat(failures).hasSize(1);
    }

    @Test
    void disarmedRevertDoesNothing() {
        List<String> done = new ArrayList<>();
        try (Revert revert = new Revert()) {
            revert.add(() -> done.add("undo"));
            revert.disarm();
        }
        assertThat(done).isEmpty();
    }
}
