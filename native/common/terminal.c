#include "terminal.h"

#include "cleanup.h"
#include "error.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

static bool is_on_devpts(int fd)
{
    struct statfs fs;
    return fstatfs(fd, &fs) == 0 && fs.f_type == DEVPTS_SUPER_MAGIC;
}

bool is_terminal_master(int fd)
{
    struct stat status;
    unsigned number;
    return fstat(fd, &status) == 0 && S_ISCHR(status.st_mode) && status.st_rdev == makedev(5, 2) && is_on_devpts(fd) &&
           ioctl(fd, TIOCGPTN, &number) == 0;
}

int terminal_open(int *master, int *slave)
{
    int unlock = 0;
    AUTO_CLOSE int pty = open("/dev/pts/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NOFOLLOW);
    if (pty < 0)
        return fail_errno("/dev/pts/ptmx cannot be opened");
    if (!is_terminal_master(pty))
        return fail("/dev/pts/ptmx is no pseudoterminal");
    if (ioctl(pty, TIOCSPTLCK, &unlock) < 0)
        return fail_errno("the terminal cannot be unlocked");
    AUTO_CLOSE int peer = ioctl(pty, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (peer < 0)
        return fail_errno("the terminal cannot be opened");
    *master = take_fd(&pty);
    *slave = take_fd(&peer);
    return 0;
}
