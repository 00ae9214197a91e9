package dev.berth.driver;

import dev.berth.kernel.Ipv4;
import dev.berth.kernel.MacAddress;

/** An address that the network's DHCP server gives to one interface, and the DNS name that goes with it. */
public record Lease(MacAddress mac, Ipv4 address, String hostname) {}
