/*
 * The writable layer's ext4 image on a loop device.
 */
#pragma once

/* Opens an image on a free loop device, which the kernel frees after the last use; writes its path into device. */
int disk_attach(const char *image, char device[32]);
