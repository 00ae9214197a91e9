# shellcheck shell=bash
# The table of what this host offers, and what to do where something is missing.

row() { printf '  %-16s %-28s %s\n' "$1" "$2" "$3"; }

preflight() {
    local state=$1
    say "This host"
    row "check" "found" "what to do"
    preflight_accelerator
    if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
        row "cgroups" "v2" "-"
    else
        row "cgroups" "v1 or hybrid" "works; v2 is better (systemd.unified_cgroup_hierarchy=1)"
    fi
    cgroup_joins
    preflight_containers
    if ip link add berth-probe type bridge 2>/dev/null; then
        ip link delete berth-probe
        row "bridges" "can be made" "-"
    else
        row "bridges" "cannot be made" "load the kernel module bridge; guests get no network without it"
    fi
    preflight_forward
    row "disk" "$(df -h --output=avail "$(existing "$state")" | tail -1 | tr -d ' ') free" "$(low_disk "$state")"
    row "memory" "$(awk '/MemAvailable/ {printf "%.1f GiB free", $2/1048576}' /proc/meminfo)" \
        "$(awk '/MemAvailable/ {print ($2 < 1048576) ? "free some: guests need memory" : "-"}' /proc/meminfo)"
}

# Whether processes join control groups at once; dev.berth.driver.lxc.DynamicGroups says more.
cgroup_joins() {
    if ! grep -q ' cgroup2 ' /proc/mounts; then
        row "cgroup joins" "15 ms each: no cgroup2" "mount -t cgroup2 none /sys/fs/cgroup/unified; containers start quicker"
    elif grep -q ' cgroup2 .*favordynmods' /proc/mounts; then
        row "cgroup joins" "at once: favordynmods" "-"
    elif [ "$(uname -r | cut -d. -f1)" -lt 6 ]; then
        row "cgroup joins" "15 ms each: old kernel" "works; containers start quicker on Linux 6.0 and newer"
    else
        row "cgroup joins" "15 ms each" "nothing: the agent mounts cgroup2 with favordynmods"
    fi
}

preflight_accelerator() {
    if [ ! -e /dev/kvm ]; then
        row "accelerator" "TCG: there is no /dev/kvm" "switch on virtualization in the firmware; modprobe kvm_intel or kvm_amd"
    elif ! grep -qE '^flags.*\b(vmx|svm)\b' /proc/cpuinfo; then
        row "accelerator" "TCG: CPU shows no vmx/svm" "works, but slowly; use a host whose CPU virtualizes"
    else
        row "accelerator" "KVM, if its test guest boots" "see the node page for the outcome"
    fi
}

preflight_containers() {
    local library tool
    library=$(find /usr/lib -name 'liblxc.so.1*' -type f -print -quit 2>/dev/null)
    row "liblxc" "${library:-not installed yet}" "-"
    row "container ids" "from 1000065536 upward" "-" # taken by the agent itself; /etc/subuid plays no part
    if grep -qw overlay /proc/filesystems; then
        row "overlay" "in the kernel" "-"
    else
        row "overlay" "missing" "modprobe overlay; containers need it"
    fi
    tool=$(find /usr/lib /usr/libexec -name lxc-user-nic -perm -4000 -print -quit 2>/dev/null)
    if [ -n "$tool" ]; then
        row "lxc-user-nic" "set-user-id root" "Berth never runs it; take the risk away: chmod u-s $tool"
    fi
}

preflight_forward() {
    local policy
    policy=$(iptables -S FORWARD 2>/dev/null | sed -n 's/^-P FORWARD //p')
    if [ "$policy" = DROP ]; then
        row "FORWARD policy" "DROP (Docker does this)" "libvirt adds rules for berth0; if guests have no internet: iptables -P FORWARD ACCEPT"
    else
        row "FORWARD policy" "${policy:-nftables or none}" "-"
    fi
}

existing() {
    local path=$1
    while [ ! -e "$path" ]; do path=$(dirname "$path"); done
    echo "$path"
}

low_disk() {
    local free
    free=$(df -k --output=avail "$(existing "$1")" | tail -1)
    if [ "$free" -lt 5242880 ]; then echo "free at least 5 GiB"; else echo "-"; fi
}
