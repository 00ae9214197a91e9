package dev.berth.driver;

import dev.berth.kernel.Cidr;
import dev.berth.kernel.Ipv4;
import java.util.UUID;

/**
 * A virtual network with NAT, DHCP and DNS.
 *
 * @param name its name on the node and that of its bridge; at most 15 characters
 * @param gateway the node's own address in it
 * @param domain DNS domain of its guests, for example {@code berth.internal}
 */
public record NetworkSpec(UUID id, String name, Cidr subnet, Ipv4 gateway, String domain) {}
