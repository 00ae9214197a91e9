/** Tests of the libvirt driver: text in, text out where possible; those tagged {@code qemu} boot real guests. */
@NullMarked
package dev.berth.driver.libvirt;

import org.jspecify.annotations.NullMarked;
