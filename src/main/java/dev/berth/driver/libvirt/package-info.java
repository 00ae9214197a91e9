/**
 * The driver of virtual machines: QEMU through libvirt.
 *
 * <p>{@link dev.berth.driver.libvirt.LibvirtDriver} is the core; each capability is one small class beside it. One instance
 * is one libvirt domain {@code berth-<uuid>} whose metadata holds the complete definition as JSON, and one directory with
 * its disks, seed, serial log and sockets. The domain's XML is always generated from the definition, never patched, and
 * validated by libvirt; so drift made by hand ends at the next define. Nothing is remembered between calls except caches
 * that can be filled anew, so a killed agent finds everything again.
 *
 * <p>{@link dev.berth.driver.libvirt.Hypervisor} owns the connection, survives restarts of libvirtd, and bounds the threads
 * that wait in native code. Snapshots do not use libvirt's own bookkeeping: libvirt before version 10 can neither revert an
 * external snapshot nor take an internal one of a UEFI guest. They are qcow2-internal disk snapshots plus, when asked, a memory
 * file, listed by a JSON file each that is written last.
 */
@NullMarked
package dev.berth.driver.libvirt;

import org.jspecify.annotations.NullMarked;
