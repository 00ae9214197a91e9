# shellcheck shell=bash
# System containers: a Debian with systemd. SYSTEM_ROOT names its root; without it one is made, once, by mmdebstrap.

SYSTEM_KEPT=(CAP_CHOWN CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_FOWNER CAP_FSETID CAP_KILL CAP_SETGID CAP_SETUID CAP_SETPCAP CAP_SETFCAP
    CAP_LINUX_IMMUTABLE CAP_NET_BIND_SERVICE CAP_NET_BROADCAST CAP_NET_ADMIN CAP_NET_RAW CAP_IPC_LOCK CAP_IPC_OWNER CAP_SYS_CHROOT
    CAP_SYS_PTRACE CAP_SYS_ADMIN CAP_SYS_BOOT CAP_SYS_NICE CAP_SYS_RESOURCE CAP_SYS_TTY_CONFIG CAP_LEASE CAP_AUDIT_WRITE CAP_MKNOD)

need_system_root() {
    SYSTEM_ROOT=${SYSTEM_ROOT:-/var/cache/berth-test/debian-root}
    [ -x "$SYSTEM_ROOT/sbin/init" ] && return 0
    command -v mmdebstrap >/dev/null || return 1
    mkdir -p "$(dirname "$SYSTEM_ROOT")"
    rm -rf "$SYSTEM_ROOT"
    mmdebstrap --quiet --variant=minbase --include=systemd,systemd-sysv,dbus,iproute2 bookworm "$SYSTEM_ROOT" >"$T/mmdebstrap" 2>&1
}

system_plan() { # name, further directives
    local name=$1 c
    shift
    mkdir -p "$T/c/$name"
    {
        printf '%s\0' name "$name" hostname "$name" idmap 2000000 65536 stored 0 lower "$SYSTEM_ROOT" cgroup "$GROUP/$name" mode system
        printf '%s\0' seccomp "$T/system.bpf" stop-signal 37
        for c in "${SYSTEM_KEPT[@]}"; do printf 'capability\0%s\0' "$c"; done
        printf '%s\0' "$@"
    } >"$T/c/$name/plan"
}

system_in() { # name, words of a command
    local name=$1 words=() word
    shift
    for word in "$@"; do words+=(arg "$word"); done
    timeout 30 "$PYTHON" "$SOURCES/test/frames.py" exec "$LAUNCH" "$T/c/$name" - "${words[@]}" env PATH=/usr/sbin:/usr/bin:/sbin:/bin
}

wait_system() { # name
    local i
    for i in $(seq 80); do
        system_in "$1" systemctl is-system-running | grep -qE 'running|degraded' && return 0
        sleep 0.25
    done
    return 1
}

test_system() {
    local text before
    if ! need_system_root; then
        echo 'skip  system containers: SYSTEM_ROOT names no Debian root, and mmdebstrap made none'
        return
    fi
    need_bridge
    system_plan sys network bridge nic 0 "$BRIDGE" "y$$" 52:54:00:be:77:09 dhcp '' 0
    check 'systemd starts' start sys
    check 'systemd comes up' wait_system sys
    check 'no unit has failed' has '0 loaded units listed' "$(system_in sys systemctl --failed --no-pager)"
    text=$(system_in sys cat /proc/1/status /proc/1/uid_map /etc/hostname)
    check 'a range of ids of its own' has '0 +2000000 +65536' "$text"
    check 'a filter' has 'Seccomp:.t2' "$text"
    check 'no capability for modules, time or raw I/O' has 'CapBnd:.t00000000bdecffff' "$text"
    check 'its name' has 'sys.n' "$text"
    check 'no user namespaces' has 'Operation not permitted' "$(system_in sys unshare -U true)"
    check 'the console has a login' has 'sys login:' "$(attach sys 1.5 '0:\n')"
    # The getty hangs the terminal up right after the last one; what nobody has read of it by then is lost.
    check 'the log has the console' has 'Reached target .*(sysinit|basic|multi-user).target' "$(log_of sys | tail -60)"
    before=$(init_of sys)
    system_in sys systemctl reboot >/dev/null
    for _ in $(seq 100); do [ "$(init_of sys)" != "$before" ] && break; sleep 0.1; done
    check 'a reboot from inside: another init' test "$(init_of sys)" != "$before"
    check 'a reboot from inside: it comes up' wait_system sys
    check 'a reboot is not an end' test ! -e "$T/c/sys/run/exit"
    system_in sys systemctl poweroff >/dev/null
    check 'a shutdown from inside ends it' wait_end sys 20
    check 'a shutdown is exit 0' has '"exitCode":0,"signal":0' "$(exit_of sys)"
    wait_clean sys
    check 'it starts again' start sys
    wait_system sys
    kill -37 "$(init_of sys)"
    check 'the stop signal ends it' wait_end sys 20
    check 'that is exit 0, too' has '"exitCode":0,"signal":0' "$(exit_of sys)"
    start sys >/dev/null
    wait_system sys
    kill -KILL "$(supervisor_of sys)"
    check 'supervisor killed: it ends' wait_end sys 20
    wait_clean sys
    check 'nothing is left' same '' "$(groups_left)"
    "$LAUNCH" seccomp "$SOURCES/launch/nesting.allow" "$T/nesting.bpf"
    system_plan nest nesting
    sed -i "s|$T/system.bpf|$T/nesting.bpf|" "$T/c/nest/plan"
    start nest >/dev/null
    wait_system nest
    text=$(system_in nest unshare -U -r -m -p -n -f --mount-proc sh -c 'id -u; ls /proc; mount -t sysfs s /sys && echo inner sysfs')
    check 'nesting: a container inside has its own procfs and sysfs' has "^1 '0.n1.n.*inner sysfs" "$text"
    stop nest
}
