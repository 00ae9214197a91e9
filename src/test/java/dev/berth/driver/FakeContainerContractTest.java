package dev.berth.driver;

import dev.berth.driver.fake.FakeBehaviour;
import dev.berth.driver.fake.FakeNode;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/** The contract on the fake driver's containers. */
class FakeContainerContractTest extends ContainerContract {
    @Override
    protected ContractSubject open() {
        FakeNode node = new FakeNode(FakeBehaviour.instant(), Clock.systemUTC());
        UUID image = UUID.randomUUID();
        node.images()
                .importImage(
                        new ImageImport(image, new ImageSource.Recipe("busybox"), null, 1L << 30), ProgressSink.NONE);
        return new Fake(node, new ImageRef(image, ImageFormat.OCI));
    }

    private record Fake(FakeNode node, ImageRef image) implements ContractSubject {
        @Override
        public InstanceDriver driver() {
            return node.instances(InstanceKind.CONTAINER);
        }

        @Override
        public List<DiskSpec> disks() {
            return List.of(ContractDisks.ofImage("root", image, DataSize.ofMebibytes(64)));
        }

        @Override
        public InstanceSpec spec() {
            return ContainerSpec.app(ProcessSpec.of("sleep", "1000"));
        }

        @Override
        public DiskSpec impossibleDisk() {
            node.behaviour().fail("InstanceDriver.define", ErrorCode.OUT_OF_SPACE, 1);
            return ContractDisks.ofMissingImage(ImageFormat.OCI);
        }

        @Override
        public void close() {
            node.close();
        }
    }
}
