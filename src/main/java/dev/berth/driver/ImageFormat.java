package dev.berth.driver;

/** What the bytes of an image are. */
public enum ImageFormat {
    QCOW2,
    RAW,
    ISO,
    /** A Linux kernel for direct boot. */
    KERNEL,
    /** An initial RAM disk for direct boot. */
    INITRD,
    /** An OCI image: a manifest and layers in the node's layer store. A plain root file system is one with one layer. */
    OCI
}
