package dev.berth.driver.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.kernel.BerthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcceleratorProbeTest {
    @TempDir
    private Path directory = Path.of("unset");

    private Path device = Path.of("unset");
    private Path processor = Path.of("unset");

    @BeforeEach
    void files() {
        device = directory.resolve("kvm");
        processor = directory.resolve("cpuinfo");
    }

    private AcceleratorProbe probe(String flags) throws IOException {
        Files.writeString(processor, "processor\t: 0\nmodel name\t: x\nflags\t\t: " + flags + "\nbogomips\t: 1\n");
        return new AcceleratorProbe(device, processor);
    }

    @Test
    void withoutTheDeviceGuestsAreTranslated() throws IOException {
        Accelerator decided = probe("fpu vmx sse").decide(AcceleratorProbe.Choice.AUTO);
        assertThat(decided.kind()).isEqualTo(Accelerator.Kind.TCG);
        assertThat(decided.reason()).contains("/dev/kvm cannot be opened").contains("slower");
        assertThat(device).as("looking for the device must not make it").doesNotExist();
    }

    @Test
    void aDeviceWithoutTheProcessorsFlagsIsNotTrusted() throws IOException {
        Files.createFile(device);
        Accelerator decided = probe("fpu svme vmxnet sse4_2 hypervisor").decide(AcceleratorProbe.Choice.AUTO);
        assertThat(decided.kind()).isEqualTo(Accelerator.Kind.TCG);
        assertThat(decided.reason()).contains("neither vmx nor svm");
    }

    @Test
    void anUnreadableProcessorDescriptionIsNotTrusted() throws IOException {
        Files.createFile(device);
        Accelerator decided = new AcceleratorProbe(device, processor).decide(AcceleratorProbe.Choice.AUTO);
        assertThat(decided.kind()).isEqualTo(Accelerator.Kind.TCG);
    }

    @Test
    void configurationOverridesTheProbe() throws IOException {
        Accelerator kvm = probe("fpu").decide(AcceleratorProbe.Choice.parse("kvm"));
        assertThat(kvm.kind()).isEqualTo(Accelerator.Kind.KVM);
        assertThat(kvm.reason()).contains("configuration");
        Files.createFile(device);
        Accelerator tcg = probe("fpu vmx").decide(AcceleratorProbe.Choice.parse("TCG"));
        assertThat(tcg.kind()).isEqualTo(Accelerator.Kind.TCG);
        assertThat(tcg.reason()).contains("configuration");
    }

    @Test
    void unknownChoicesAreRefused() {
        assertThatThrownBy(() -> AcceleratorProbe.Choice.parse("xen"))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("xen");
    }

    @Test
    @Tag("qemu")
    void theTinyGuestOfTheProbeBootsWhereQemuDoes() {
        assertThat(AcceleratorProbe.boots("tcg", "max", Duration.ofSeconds(30))).isTrue();
        assertThat(AcceleratorProbe.boots("tcg", "no-such-model", Duration.ofSeconds(30)))
                .isFalse();
    }
}
