/**
 * The cage of native code: Java mappings of libvirt, liblxc and some system calls, written with JNA, behind handles that close.
 *
 * <p>Nothing outside this package sees JNA. libvirt-java is not used for this: it hides its pointers, so that calls it lacks
 * (validated define, network update, DHCP leases, bulk statistics, monitor commands) could not share its connection, and
 * its handles are freed by finalizers. The mapping here is one interface with the C signatures of libvirt's public headers,
 * thin handles around the four pointer types, and one exception. Handles are not checked after close; use
 * try-with-resources and never hand one to another thread that may outlive it.
 *
 * <p>liblxc is mapped by the offsets of its structure of function pointers ({@link dev.berth.ffi.LxcContainer}), and only
 * with what does not fork: a start from a JVM takes up to 214 ms, and leaves a copy of its address space behind for as long
 * as the container runs (measured). Of the C library there is what Java lacks: processes by descriptor, waiting for
 * processes that are not children, paths that cannot leave a root, and mounts of images through loop devices.
 */
@NullMarked
package dev.berth.ffi;

import org.jspecify.annotations.NullMarked;
