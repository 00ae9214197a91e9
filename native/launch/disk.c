#include "disk.h"

#include "../common/cleanup.h"
#include "../common/error.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#define ATTEMPTS 200

int disk_attach(const char *image, char device[32])
{
    struct loop_config config = {.info.lo_flags = LO_FLAGS_AUTOCLEAR};
    AUTO_CLOSE int file = open(image, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return fail_errno("the disk %s cannot be opened", image);
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
