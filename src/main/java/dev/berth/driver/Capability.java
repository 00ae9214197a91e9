package dev.berth.driver;

/** What a driver may be able to do beyond the core; each has one interface. */
public enum Capability {
    PAUSE(Pausing.class),
    RESET(Resetting.class),
    SNAPSHOT(Snapshotting.class),
    CLONE(Cloning.class),
    REBUILD(Rebuilding.class),
    LIVE_RESIZE(LiveResizing.class),
    DISK_GROW(DiskGrowing.class),
    MEDIA(MediaChanging.class),
    CONSOLE(Consoles.class),
    LOG(Logs.class),
    STATISTICS(Statistics.class),
    EXEC(Executing.class),
    RECORD_LOG(RecordLogs.class),
    FILES(FileAccess.class),
    PROCESSES(Processes.class),
    COMMIT(Committing.class),
    LIVE_LIMITS(LiveLimits.class);

    private final Class<? extends DriverCapability> type;

    Capability(Class<? extends DriverCapability> type) {
        this.type = type;
    }

    public Class<? extends DriverCapability> type() {
        return type;
    }

    /** The capability that an interface stands for. */
    public static Capability of(Class<? extends DriverCapability> type) {
        for (Capability capability : values()) {
            if (capability.type == type) {
                return capability;
            }
        }
        throw new IllegalArgumentException(type + " is not a capability");
    }
}
