/*
 * Paths inside a root, with links that try to lead out of it; and the paths that nothing may be mounted on.
 */
#include "../../common/cleanup.h"
#include "../../common/paths.h"
#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

static char top[] = "/tmp/berth-paths-test.XXXXXX";

static bool is_same(int a, int b)
{
    struct stat first, second;
    return fstat(a, &first) == 0 && fstat(b, &second) == 0 && first.st_ino == second.st_ino &&
           first.st_dev == second.st_dev;
}

static void test_links(int root)
{
    CHECK(mkdirat(root, "etc", 0755) == 0 && symlinkat("../../../../../etc", root, "up") == 0);
    CHECK(symlinkat("/etc", root, "absolute") == 0 && symlinkat("/proc/self/fd/0", root, "magic") == 0);
    CHECK(symlinkat("dangling-target", root, "dangling") == 0);
    AUTO_CLOSE int etc = open_in_root(root, "/etc", O_PATH);
    AUTO_CLOSE int up = open_in_root(root, "/up", O_PATH);
    AUTO_CLOSE int absolute = open_in_root(root, "absolute", O_PATH);
    AUTO_CLOSE int dots = open_in_root(root, "/../../etc", O_PATH);
    CHECK(etc >= 0 && is_same(etc, up) && is_same(etc, absolute) && is_same(etc, dots));
    CHECK(open_in_root(root, "/magic", O_PATH) < 0);
    AUTO_CLOSE int made = make_in_root(root, "/absolute/a/b/file", true, getuid());
    AUTO_CLOSE int found = openat(root, "etc/a/b/file", O_RDONLY);
    CHECK(made >= 0 && found >= 0 && is_same(made, found));
    AUTO_CLOSE int again = make_in_root(root, "/etc/a/b/file", true, getuid());
    CHECK(again >= 0 && is_same(again, found));
    CHECK(make_in_root(root, "/dangling", false, getuid()) < 0);
    CHECK(make_in_root(root, "/dangling/x", false, getuid()) < 0);
    CHECK(make_in_root(root, "/etc/a/b/file/x", false, getuid()) < 0);
    AUTO_CLOSE int slashes = make_in_root(root, "//new//deep/", false, getuid());
    AUTO_CLOSE int deep = openat(root, "new/deep", O_RDONLY | O_DIRECTORY);
    CHECK(slashes >= 0 && deep >= 0 && is_same(slashes, deep));
}

static void test_reserved(void)
{
    CHECK(is_reserved("/proc") && is_reserved("/proc/sys") && is_reserved("/sys/fs") && is_reserved("/dev/shm"));
    CHECK(is_reserved("/") && is_reserved("//") && is_reserved("relative") && is_reserved("/a/../proc"));
    CHECK(is_reserved("/./proc") && is_reserved("/a/..") && is_reserved("/a//b"));
    CHECK(
        !is_reserved("/process") && !is_reserved("/data/proc") && !is_reserved("/a/..b/c.") && !is_reserved("/devel"));
}

int main(void)
{
    if (!mkdtemp(top))
        return 1;
    AUTO_CLOSE int root = open(top, O_PATH | O_DIRECTORY);
    test_links(root);
    test_reserved();
    char command[128];
    snprintf(command, sizeof(command), "rm -rf %s", top);
    CHECK(system(command) == 0);
    UNIT_END;
}
