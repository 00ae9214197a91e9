package dev.berth.quota;

/** What a quota counts. The order is the order in which counters are taken. */
public enum Resource {
    INSTANCES,
    CPUS,
    /** Bytes. */
    MEMORY,
    /** Bytes, as provisioned. */
    DISK,
    SNAPSHOTS
}
