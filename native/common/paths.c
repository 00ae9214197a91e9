#include "paths.h"

#include "cleanup.h"
#include "error.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

int open_in_root(int root, const char *path, int flags)
{
    struct open_how how = {
        .flags = (unsigned)(flags | O_CLOEXEC),
        .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
    };
    long fd;
    do
        fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
    while (fd < 0 && (errno == EAGAIN || errno == EINTR));
    return (int)fd;
}

/* Makes one entry in an open directory and opens it; a symbolic link in its place is an error. */
static int make_entry(int parent, const char *name, bool file, uid_t owner)
{
    AUTO_CLOSE int fd = -1;
    if (file)
        fd = openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    else if (mkdirat(parent, name, 0755) == 0)
        fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return fail_errno("%s cannot be made inside the root", name);
    if (fchown(fd, owner, owner) < 0)
        return fail_errno("%s cannot be given to the container", name);
    return take_fd(&fd);
}

int make_in_root(int root, const char *path, bool file, uid_t owner)
{
    char part[PATH_MAX];
    AUTO_CLOSE int found = open_in_root(root, path, O_PATH);
    if (found >= 0)
        return take_fd(&found);
    if (errno != ENOENT || strlen(path) >= sizeof(part))
        return fail_errno("%s cannot be opened inside the root", path);
    AUTO_CLOSE int parent = open_in_root(root, "/", O_PATH | O_DIRECTORY);
    for (const char *end = path; parent >= 0 && *end;) {
        const char *name = end + strspn(end, "/");
        end = name + strcspn(name, "/");
        if (end == name)
            break;
        bool last = end[strspn(end, "/")] == '\0';
        memcpy(part, path, (size_t)(end - path));
        part[end - path] = '\0';
        int next = open_in_root(root, part, O_PATH);
        if (next < 0 && errno == ENOENT)
            next = make_entry(parent, strrchr(part, '/') + 1, file && last, owner);
        else if (next < 0)
            fail_errno("%s cannot be opened inside the root", part);
        close(parent);
        parent = next;
    }
    return take_fd(&parent);
}

static bool lies_below(const char *path, const char *top)
{
    size_t length = strlen(top);
    return strncmp(path, top, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

bool is_reserved(const char *path)
{
    if (path[0] != '/' || path[strspn(path, "/")] == '\0' || strstr(path, "//"))
        return true;
    for (const char *part = path; part; part = strchr(part, '/')) {
        part++;
        size_t length = strcspn(part, "/");
        if ((length == 1 && part[0] == '.') || (length == 2 && part[0] == '.' && part[1] == '.'))
            return true;
    }
    return lies_below(path, "/proc") || lies_below(path, "/sys") || lies_below(path, "/dev");
}
