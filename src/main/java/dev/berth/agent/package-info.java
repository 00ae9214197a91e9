/**
 * The agent: one per node, root, a plain Java program from the same jar as the controller. It holds the drivers and serves
 * them over {@link dev.berth.wire}; what it knows it rediscovers from libvirt and from its state directory, so restarting it
 * never disturbs a guest.
 */
@NullMarked
package dev.berth.agent;

import org.jspecify.annotations.NullMarked;
