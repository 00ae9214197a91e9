package dev.berth.driver;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract on libvirt's in-process test hypervisor. */
class LibvirtTestDriverContractTest extends CapabilityContract {
    @TempDir
    private Path directory = Path.of("unset");

    @Override
    protected ContractSubject open() {
        return SimulatedLibvirt.open(directory);
    }
}
