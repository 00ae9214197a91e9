/**
 * The cage of native code: Java mappings of libvirt, written with JNA, behind handles that close.
 *
 * <p>Nothing outside this package sees JNA. libvirt-java is not used for this: it hides its pointers, so that calls it lacks
 * (validated define, network update, DHCP leases, bulk statistics, monitor commands) could not share its connection, and
 * its handles are freed by finalizers. The mapping here is one interface with the C signatures of libvirt's public headers,
 * thin handles around the four pointer types, and one exception. Handles are not checked after close; use
 * try-with-resources and never hand one to another thread that may outlive it.
 */
@NullMarked
package dev.berth.ffi;

import org.jspecify.annotations.NullMarked;
