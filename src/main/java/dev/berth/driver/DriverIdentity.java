package dev.berth.driver;

/**
 * Who a driver is.
 *
 * @param name registry name, for example {@code libvirt}
 * @param version version of what it drives, for people
 */
public record DriverIdentity(String name, String version) {}
