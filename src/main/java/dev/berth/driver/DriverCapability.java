package dev.berth.driver;

/** Marks the optional interfaces of a driver; see {@link Capability}. */
public interface DriverCapability {}
