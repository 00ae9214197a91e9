/*
 * Asks the kernel for what a container must not get, and prints "NAME ERRNO" for each call; 0 means that it was allowed. The
 * arguments are such that an allowed call would do something or fail with an error that is not a refusal.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ASK(name, ...) ask(#name, SYS_##name, __VA_ARGS__)

static void print(const char *name, long result)
{
	printf("%s %d\n", name, result < 0 ? errno : 0);
	fflush(stdout);
}

/* In a child, because an allowed call may change or end the caller. */
static void ask(const char *name, long number, long a, long b, long c, long d, long e)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		errno = 0;
		long result = syscall(number, a, b, c, d, e);
		_exit(result < 0 ? errno : 0);
	}
	waitpid(child, &status, 0);
	printf("%s %d\n", name, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	fflush(stdout);
}

int main(void)
{
	char buffer[256] = {0};
	long place = (long)buffer;

	ASK(acct, 0, 0, 0, 0, 0);
	ASK(add_key, (long)"user", (long)"k", (long)"v", 1, -3);
	ASK(bpf, 5, place, 120, 0, 0);
	ASK(clock_settime, 0, place, 0, 0, 0);
	ASK(delete_module, (long)"dummy", 0, 0, 0, 0);
	ASK(fanotify_init, 0, 0, 0, 0, 0);
	ASK(finit_module, 0, (long)"", 0, 0, 0);
	ASK(fsconfig, -1, 6, 0, 0, 0);
	ASK(fsmount, -1, 0, 0, 0, 0);
	ASK(fsopen, (long)"tmpfs", 0, 0, 0, 0);
	ASK(fspick, -100, (long)"/", 0, 0, 0);
	ASK(init_module, place, 1, (long)"", 0, 0);
	ASK(io_uring_enter, -1, 0, 0, 0, 0);
	ASK(io_uring_register, -1, 0, 0, 0, 0);
	ASK(io_uring_setup, 1, place, 0, 0, 0);
	ASK(kcmp, 1, 1, 0, 0, 0);
	ASK(kexec_load, 0, 0, 0, 0, 0);
	ASK(keyctl, 0, -3, 0, 0, 0);
	ASK(lookup_dcookie, 0, place, 1, 0, 0);
	ASK(migrate_pages, 0, 0, 0, 0, 0);
	ASK(mount, (long)"none", (long)"/tmp", (long)"tmpfs", 0, 0);
	ASK(mount_setattr, -100, (long)"/", 0, place, 32);
	ASK(move_mount, -100, (long)"/", -100, (long)"/tmp", 0);
	ASK(move_pages, 0, 0, 0, 0, 0);
	ASK(open_by_handle_at, -100, place, 0, 0, 0);
	ASK(open_tree, -100, (long)"/", 1, 0, 0);
	ASK(perf_event_open, place, 0, -1, -1, 0);
	ASK(pivot_root, (long)"/tmp", (long)"/tmp", 0, 0, 0);
	ASK(process_vm_readv, 1, place, 0, place, 0);
	ASK(process_vm_writev, 1, place, 0, place, 0);
	ASK(ptrace, 16, 1, 0, 0, 0);
	ASK(quotactl, 0, (long)"/", 0, place, 0);
	ASK(reboot, 0xfee1dead, 672274793, 0, 0, 0);
	ASK(request_key, (long)"user", (long)"k", 0, 0, 0);
	ASK(setdomainname, (long)"d", 1, 0, 0, 0);
	ASK(sethostname, (long)"h", 1, 0, 0, 0);
	ASK(setns, -1, 0, 0, 0, 0);
	ASK(settimeofday, place, 0, 0, 0, 0);
	ASK(swapoff, (long)"/tmp", 0, 0, 0, 0);
	ASK(swapon, (long)"/tmp", 0, 0, 0, 0);
	ASK(syslog, 2, place, 1, 0, 0);
	ASK(umount2, (long)"/proc", 2, 0, 0, 0);
	ASK(unshare, CLONE_NEWUSER, 0, 0, 0, 0);
	ASK(userfaultfd, 0, 0, 0, 0, 0);
	ASK(vhangup, 0, 0, 0, 0, 0);
#ifdef SYS_iopl
	ASK(iopl, 3, 0, 0, 0, 0);
	ASK(ioperm, 0x80, 1, 1, 0, 0);
	ASK(_sysctl, 0, 0, 0, 0, 0);
	ASK(create_module, 0, 0, 0, 0, 0);
	ASK(uselib, (long)"/bin/sh", 0, 0, 0, 0);
	ASK(ustat, 0, place, 0, 0, 0);
	ASK(sysfs, 3, 0, 0, 0, 0);
#endif
	ask("clone-newuser", SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
	print("raw-ip", socket(AF_INET, SOCK_RAW, 1));
	print("raw-packet", socket(AF_PACKET, SOCK_RAW, 0));
	print("vsock", socket(AF_VSOCK, SOCK_STREAM, 0));
	print("alg", socket(38, SOCK_SEQPACKET, 0));
	return 0;
}
