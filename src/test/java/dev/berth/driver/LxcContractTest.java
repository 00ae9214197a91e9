package dev.berth.driver;

import dev.berth.driver.lxc.BusyboxRoot;
import dev.berth.driver.lxc.LxcHost;
import dev.berth.kernel.DataSize;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** The contract on real containers. Needs root. */
@Tag("lxc")
class LxcContractTest extends ContainerContract {
    @Override
    protected ContractSubject open() {
        return new Lxc(LxcHost.open());
    }

    private record Lxc(LxcHost host) implements ContractSubject {
        @Override
        public InstanceDriver driver() {
            return host.driver();
        }

        @Override
        public List<DiskSpec> disks() {
            return List.of(ContractDisks.ofImage("root", BusyboxRoot.IMAGE, DataSize.ofMebibytes(16)));
        }

        @Override
        public InstanceSpec spec() {
            return ContainerSpec.app(
                    ProcessSpec.of("/bin/sh", "-c", "echo ready; echo trouble >&2; while true; do sleep 1; done"));
        }

        @Override
        public DiskSpec impossibleDisk() {
            return ContractDisks.ofMissingImage(ImageFormat.OCI);
        }

        @Override
        public void close() {
            host.close();
        }
    }
}
