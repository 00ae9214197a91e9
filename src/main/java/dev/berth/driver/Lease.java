package dev.berth.driver;

import dev.berth.kernel.Ipv4;
import dev.berth.kernel.MacAddress;

/**
 * An address that the network's DHCP server gives to one interface, and the DNS names that go with it.
 *
 * @param hostname short name; another interface of the network may have it already, of another project for example, and then
 *     keeps it
 * @param project name of the project, whose own {@code hostname.project} is free of others' names; empty where it is not known
 */
public record Lease(MacAddress mac, Ipv4 address, String hostname, String project) {
    /** A lease of no project. */
    public Lease(MacAddress mac, Ipv4 address, String hostname) {
        this(mac, address, hostname, "");
    }
}
