package dev.berth.driver.libvirt;

/**
 * How guests run on a node.
 *
 * @param reason why this kind was chosen, for people
 */
public record Accelerator(Kind kind, String reason) {
    /** What executes guest code. */
    public enum Kind {
        /** The processor itself, by the kernel's KVM. */
        KVM("kvm"),
        /** QEMU's translator; needs nothing, about ten times slower. */
        TCG("qemu");

        private final String domainType;

        Kind(String domainType) {
            this.domainType = domainType;
        }

        /** libvirt's name for it. */
        String domainType() {
            return domainType;
        }
    }
}
