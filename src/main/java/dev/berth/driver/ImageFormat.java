package dev.berth.driver;

/** What the bytes of an image are. */
public enum ImageFormat {
    QCOW2,
    RAW,
    ISO,
    /** A Linux kernel for direct boot. */
    KERNEL,
    /** An initial RAM disk for direct boot. */
    INITRD
}
