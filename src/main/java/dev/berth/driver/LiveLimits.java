package dev.berth.driver;

/** Changes the limits of a running instance at once. */
public interface LiveLimits extends DriverCapability {
    /** Brings CPUs, memory and the other limits of the definition into force; WRONG_STATE unless it runs. */
    void applyLimits(InstanceDefinition definition);
}
