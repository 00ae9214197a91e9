package dev.berth.oci;

/** The ids that files of layers have on the host: those inside, shifted by a constant. */
public final class StoredIds {
    /** What id 0 of a layer is on the host; far above any user of the host and any container's own range. */
    public static final long BASE = 1_000_000_000L;

    public static final long COUNT = 65_536;

    private StoredIds() {}
}
