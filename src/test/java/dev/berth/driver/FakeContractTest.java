package dev.berth.driver;

import dev.berth.driver.fake.FakeBehaviour;
import dev.berth.driver.fake.FakeNode;
import dev.berth.kernel.ErrorCode;
import java.time.Clock;
import java.util.List;

/** The contract on the fake driver. */
class FakeContractTest extends CapabilityContract {
    @Override
    protected ContractSubject open() {
        return new Fake(new FakeNode(FakeBehaviour.instant(), Clock.systemUTC()));
    }

    private record Fake(FakeNode node) implements ContractSubject {
        @Override
        public InstanceDriver driver() {
            return node.instances(InstanceKind.VM);
        }

        @Override
        public List<DiskSpec> disks() {
            return List.of(ContractDisks.blank("root"), ContractDisks.emptyDrive("cd"));
        }

        @Override
        public InstanceSpec spec() {
            return VmSpec.defaults();
        }

        @Override
        public DiskSpec impossibleDisk() {
            node.behaviour().fail("InstanceDriver.define", ErrorCode.OUT_OF_SPACE, 1);
            return ContractDisks.ofMissingImage(ImageFormat.QCOW2);
        }

        @Override
        public void close() {
            node.close();
        }
    }
}
