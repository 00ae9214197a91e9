#!/usr/bin/env bash
# Makes a host of its own on this machine: mount and network namespaces with its own /run, interfaces, libvirt settings, virtlogd
# and libvirtd, so that nothing in it meets this machine's guests and networks. Needs root; it reaches no other host.
#
#   infra/lib/private-host.sh DIR                 runs libvirtd until it is killed, anew when it ended, but not while
#                                                 DIR/no-libvirtd exists; its pid is in DIR/libvirtd.pid
#   infra/lib/private-host.sh DIR COMMAND ...     runs a command there, among processes of its own; all end with it
set -euo pipefail
dir=$1
shift
mkdir -p "$dir"
dir=$(realpath "$dir")

if [ -z "${BERTH_PRIVATE_HOST:-}" ]; then
    own=(--mount --net)
    [ $# = 0 ] || own+=(--pid --fork --kill-child --mount-proc)
    BERTH_PRIVATE_HOST=$dir exec unshare "${own[@]}" tini -s -- "$0" "$dir" "$@"
fi
unset BERTH_PRIVATE_HOST
for part in common processes; do
    # shellcheck source=/dev/null
    source "$(dirname "$0")/$part.sh"
done

libvirtd_for_ever() {
    while true; do
        if [ ! -e "$dir/no-libvirtd" ]; then
            libvirtd </dev/null >>"$dir/libvirtd.out" 2>&1 &
            echo $! >"$dir/libvirtd.pid"
            wait $! || true
        fi
        sleep 0.1
    done
}

mount --make-rprivate /
mkdir -p "$dir/cgroup" "$dir/lib" "$dir/etc" "$dir/log"
# The interfaces in /sys are those of the network namespace that mounted it.
mount --rbind /sys/fs/cgroup "$dir/cgroup"
mount -t sysfs sysfs /sys
mount --rbind "$dir/cgroup" /sys/fs/cgroup
mount -t tmpfs tmpfs /run
mkdir -p /run/libvirt /run/lock
cp -a /etc/libvirt/. "$dir/etc/"
rm -rf "$dir/etc/qemu" "$dir/etc/storage"
mount --bind "$dir/lib" /var/lib/libvirt
mount --bind "$dir/etc" /etc/libvirt
mount --bind "$dir/log" /var/log/libvirt
ip link set lo up
virtlogd </dev/null >>"$dir/virtlogd.out" 2>&1 &
sleep 0.3
if [ $# = 0 ]; then
    libvirtd_for_ever
fi
libvirtd_for_ever &
wait_for 30 "the private host's libvirtd (see $dir/libvirtd.out)" virsh -c qemu:///system --quiet version
exec "$@"
