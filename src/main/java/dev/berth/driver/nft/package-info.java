/**
 * The node's packet filter: what instances may send, and which of their ports the node publishes.
 *
 * <p>Berth owns two tables of nftables, one per family, of the same name. The {@code bridge} table looks at every frame that comes
 * out of an instance's port and lets through what carries the port's own addresses only. The {@code inet} table translates
 * addresses: published ports lead to instances, and instances reach the world. libvirt's networks are of mode {@code open}, in which
 * libvirt adds no rules; its own would reject published connections after ours had let them through, because a packet has to pass
 * every table.
 *
 * <p>Chains are fixed text; everything that varies is an element of a set or a map, so that a change costs as much as its own
 * elements, however many others there are. Sets of virtual machines and of containers are apart: each driver replaces its own
 * when the agent starts, in one transaction, without touching the other's. Rules stay in the kernel while the agent is away, and
 * can be made anew from definitions at any time; ports have names that derive from their ids, so rules are there before the
 * interface is.
 *
 * <p>Networks are shared by projects, and bridges would let their instances reach each other. So every port has the number of its
 * project ({@link dev.berth.driver.nft.ProjectNumbers}), and a frame goes from one port to another within a project only; nor does
 * the node route between them. A published port is open to other projects as to everybody.
 *
 * <p>Frames of other protocols than IPv4 and ARP are dropped: networks have no IPv6 yet, and router advertisements are how one
 * guest would give it to all others.
 */
@NullMarked
package dev.berth.driver.nft;

import org.jspecify.annotations.NullMarked;
