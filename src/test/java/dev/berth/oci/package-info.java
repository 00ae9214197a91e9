/** Tests of OCI images; those of the group {@code qemu} need root, as they unpack for real. */
@NullMarked
package dev.berth.oci;

import org.jspecify.annotations.NullMarked;
