package dev.berth.driver;

import java.util.List;

/** Stands for the subject before a test has opened its own. */
enum NoSubject implements ContractSubject {
    INSTANCE;

    @Override
    public InstanceDriver driver() {
        throw new IllegalStateException("not opened");
    }

    @Override
    public List<DiskSpec> disks() {
        return List.of();
    }

    @Override
    public InstanceSpec spec() {
        return VmSpec.defaults();
    }

    @Override
    public DiskSpec impossibleDisk() {
        throw new IllegalStateException("not opened");
    }

    @Override
    public void close() {
        // nothing was opened
    }
}
