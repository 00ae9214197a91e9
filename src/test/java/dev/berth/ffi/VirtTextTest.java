package dev.berth.ffi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Memory;
import dev.berth.driver.SimulatedLibvirt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class VirtTextTest {
    @BeforeAll
    static void libvirt() {
        SimulatedLibvirt.assumeInstalled();
    }

    @Test
    void readsTextAsUtf8() {
        try (Memory memory = new Memory(32)) {
            memory.setString(0, "gr\u00fc\u00dfe <b>", "UTF-8");
            assertThat(Virt.text(memory)).isEqualTo("gr\u00fc\u00dfe <b>");
        }
    }

    @Test
    void refusesAnAnswerOfAHundredMegabytes() {
        long flood = 100L << 20;
        try (Memory memory = new Memory(flood + 1)) {
            memory.setMemory(0, flood, (byte) '<');
            memory.setByte(flood, (byte) 0);
            assertThatThrownBy(() -> Virt.text(memory))
                    .isInstanceOf(VirtException.class)
                    .hasMessageContaining("104857600");
        }
    }
}
