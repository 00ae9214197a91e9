#include "disk.h"

#include "../common/cleanup.h"
#include "../common/error.h"
#include "../common/files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#define ATTEMPTS 200
#define LOCK_TIMEOUT_MS 15000

/*
 * The lock belongs to this open file, which the loop device keeps: it is free when the device is. That of the container
 * is not enough, for a process that is killed loses it before its mounts are gone, and two devices of one image destroy
 * it.
 */
static int lock_image(int file, const char *image)
{
    if (lock_file(file, LOCK_TIMEOUT_MS) == 0)
        return 0;
    if (errno != EWOULDBLOCK)
        return fail_errno("the disk %s cannot be locked", image);
    return fail("the disk %s is in use since %d s; see losetup -j", image, LOCK_TIMEOUT_MS / 1000);
}

int disk_attach(const char *image, char device[32])
{
    struct loop_config config = {.info.lo_flags = LO_FLAGS_AUTOCLEAR};
    AUTO_CLOSE int file = open(image, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return fail_errno("the disk %s cannot be opened", image);
    if (lock_image(file, image) < 0)
        return -1;
    AUTO_CLOSE int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
    if (control < 0)
        return fail_errno("/dev/loop-control cannot be opened; is the loop module loaded?");
    config.fd = (unsigned)file;
    strncpy((char *)config.info.lo_file_name, image, LO_NAME_SIZE - 1);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        int number = ioctl(control, LOOP_CTL_GET_FREE);
        if (number < 0)
            return fail_errno("there is no free loop device");
        snprintf(device, 32, "/dev/loop%d", number);
        int loop = open(device, O_RDWR | O_CLOEXEC);
        if (loop < 0)
            return fail_errno("%s cannot be opened", device);
        if (ioctl(loop, LOOP_CONFIGURE, &config) == 0)
            return loop; /* kept open until it is mounted */
        close(loop);
        if (errno != EBUSY) /* another start took it */
            return fail_errno("%s cannot be set up for %s", device, image);
    }
    return fail("no loop device could be had for %s", image);
}
