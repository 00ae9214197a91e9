package dev.berth.driver.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.driver.StoreLayout;
import dev.berth.driver.nft.NodeRules;
import dev.berth.driver.nft.ProjectNumbers;
import dev.berth.installation.LibvirtDaemons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/**
 * The machine's libvirtd, started if it does not run, with a driver on a store of its own. Closing it checks that nothing of
 * this store is left on the machine.
 */
public final class LibvirtHost implements AutoCloseable {
    private final Path state;
    private final LibvirtSettings settings;
    private final NodeRules rules;
    private final LibvirtDriver driver;

    private LibvirtHost(Path state) {
        this.state = state;
        Accelerator tcg = new Accelerator(Accelerator.Kind.TCG, "tests run everywhere alike");
        this.settings = LibvirtSettings.local(new StoreLayout(state), tcg);
        this.rules = new NodeRules("berth_" + Integer.toHexString(state.hashCode()), ProjectNumbers.forgetful());
        this.driver = new LibvirtDriver(settings, rules, Clock.systemUTC());
    }

    public static LibvirtHost open() {
        LibvirtDaemons.start();
        try {
            Path state = Files.createTempDirectory("berth");
            Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwx--x--x"));
            Files.createDirectories(new StoreLayout(state).images());
            return new LibvirtHost(state);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    public LibvirtDriver driver() {
        return driver;
    }

    public NodeRules rules() {
        return rules;
    }

    public LibvirtSettings settings() {
        return settings;
    }

    public StoreLayout layout() {
        return settings.layout();
    }

    /** Another driver on the same store, as after a restart of the agent. */
    public LibvirtDriver another() {
        return new LibvirtDriver(settings, rules, Clock.systemUTC());
    }

    /** Files of instances that are still in the store. */
    public List<Path> leftovers() {
        Path instances = layout().instances();
        if (!Files.isDirectory(instances)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(instances)) {
            return files.filter(file -> !file.equals(instances)).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        try {
            assertThat(leftovers()).as("files that nobody removed").isEmpty();
        } finally {
            driver.close();
            rules.remove();
            rules.close();
            Trees.delete(state);
        }
    }
}
