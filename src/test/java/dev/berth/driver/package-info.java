/**
 * The contract of drivers as tests: one abstract suite that the fake, libvirt's test hypervisor and real QEMU all pass. A
 * behaviour that callers rely on is checked here, once, and not in the driver's own tests.
 */
@NullMarked
package dev.berth.driver;

import org.jspecify.annotations.NullMarked;
