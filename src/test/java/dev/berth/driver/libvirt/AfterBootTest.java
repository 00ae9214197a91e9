package dev.berth.driver.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.driver.ProgressSink;
import dev.berth.driver.RunState;
import dev.berth.driver.SimulatedLibvirt;
import dev.berth.driver.StopMode;
import dev.berth.driver.StoreLayout;
import dev.berth.installation.Await;
import dev.berth.kernel.Uuids;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs again after the node has booted, on libvirt's in-process test hypervisor. */
class AfterBootTest {
    @TempDir
    private Path directory = Path.of("unset");

    private SimulatedLibvirt libvirt;
    private LibvirtDriver driver;

    @BeforeEach
    void open() {
        libvirt = SimulatedLibvirt.open(directory);
        driver = libvirt.driver();
    }

    @AfterEach
    void close() {
        if (libvirt != null) {
            libvirt.close();
        }
    }

    @Test
    void whatRanBeforeTheBootRunsAgain() throws IOException {
        UUID ran = defined();
        UUID stopped = defined();
        UUID never = defined();
        driver.start(ran);
        driver.start(stopped);
        driver.stop(stopped, StopMode.FORCE, Duration.ofSeconds(5));
        boot(ran);

        driver.recover();

        Await.until(Duration.ofSeconds(10), () -> "it is not started", () -> state(ran) == RunState.RUNNING);
        assertThat(state(stopped)).isEqualTo(RunState.STOPPED);
        assertThat(state(never)).isEqualTo(RunState.STOPPED);
        remove(ran, stopped, never);
    }

    /** The agent starts anew while the node goes on. */
    @Test
    void whatEndedInThisBootStaysAsItIs() {
        UUID ended = defined();
        UUID runs = defined();
        driver.start(ended);
        driver.start(runs);
        end(ended);

        driver.recover();

        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("after-boot");
        assertThat(state(ended)).isEqualTo(RunState.STOPPED);
        assertThat(state(runs)).isEqualTo(RunState.RUNNING);
        remove(ended, runs);
    }

    /** An installation of before this was noted. */
    @Test
    void whatRunsIsNotedWhenTheAgentStarts() throws IOException {
        UUID runs = defined();
        driver.start(runs);
        Files.delete(wanted(runs));
        driver.recover();
        assertThat(wanted(runs)).exists();
        remove(runs);
    }

    private UUID defined() {
        UUID id = Uuids.next();
        driver.define(libvirt.definition(id, "boot-" + id), ProgressSink.NONE);
        return id;
    }

    private RunState state(UUID id) {
        return driver.observe(id).state();
    }

    private Path wanted(UUID id) {
        return new InstanceFiles(new StoreLayout(directory), id).wanted();
    }

    /** As a power cut leaves it. */
    private void boot(UUID id) throws IOException {
        end(id);
        Files.writeString(wanted(id), "another boot");
    }

    /** It ends, and nobody stopped it. */
    private void end(UUID id) {
        try {
            String boot = Files.readString(wanted(id));
            driver.stop(id, StopMode.FORCE, Duration.ofSeconds(5));
            Files.writeString(wanted(id), boot);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void remove(UUID... ids) {
        for (UUID id : ids) {
            driver.destroy(id);
            assertThat(wanted(id)).doesNotExist();
        }
    }
}
