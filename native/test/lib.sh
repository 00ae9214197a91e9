# shellcheck shell=bash
# What the container tests share: a root made of busybox, plans, checks, and a clean end.

PROGRAMS=${PROGRAMS:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../../target/native" && pwd)}
SOURCES=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
LAUNCH=$PROGRAMS/berth-launch
# A wrapper in its place would cost each exec more than the exec.
PYTHON=$([ -x /usr/bin/python3 ] && echo /usr/bin/python3 || command -v python3)
T=$(mktemp -d /tmp/berth-native.XXXXXX)
GROUP=berth-native-$$
FAILURES=0
BASE=1000000

check() { # name, command...
    local name=$1
    shift
    if "$@" >"$T/check" 2>&1; then
        printf 'ok    %s\n' "$name"
    else
        printf 'FAIL  %s: %s\n' "$name" "$(head -c 600 "$T/check" | tr '\n' ' ')"
        FAILURES=$((FAILURES + 1))
    fi
}

has() { # pattern, text
    grep -qE -- "$1" <<<"$2" || { printf 'no %s in: %s\n' "$1" "$2"; return 1; }
}

lacks() {
    ! grep -qE -- "$1" <<<"$2" || { printf '%s in: %s\n' "$1" "$2"; return 1; }
}

same() {
    [ "$1" = "$2" ] || { printf 'expected %s, was %s\n' "$1" "$2"; return 1; }
}

# A root filesystem as a layer: owned by the ids from 300000 on, as the layer store keeps it.
make_root() { # directory
    local root=$1
    mkdir -p "$root"/{bin,etc,proc,sys,dev,tmp,root,home,var}
    cp /bin/busybox "$root/bin/"
    busybox --list | "$PYTHON" -c "
import os, sys
for name in sys.stdin.read().split():
    if not name.startswith('busybox'):
        os.symlink('busybox', '$root/bin/' + name)"
    printf 'root:x:0:0::/root:/bin/sh\nweb:x:33:33::/var:/bin/sh\n' >"$root/etc/passwd"
    printf 'not a program\n' >"$root/bin/plain"
    gcc -static -O1 -o "$root/bin/probe" "$SOURCES/test/probe.c"
    chmod 0644 "$root/bin/plain"
    chmod 1777 "$root/tmp"
    chown -hR 300000:300000 "$root"
}

# Writes the plan of an app container: name, then further directives. The common ones come from DEFAULTS.
KEPT=(CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_FSETID CAP_KILL CAP_NET_BIND_SERVICE CAP_SETFCAP CAP_SETGID CAP_SETPCAP CAP_SETUID
    CAP_SYS_CHROOT)
MASKED=(/proc/asound /proc/acpi /proc/kcore /proc/keys /proc/latency_stats /proc/timer_list /proc/timer_stats /proc/sched_debug
    /proc/scsi /proc/interrupts /sys/firmware)
READONLY=(/proc/bus /proc/fs /proc/irq /proc/sys /proc/sysrq-trigger)
plan() {
    local name=$1 c
    shift
    mkdir -p "$T/c/$name"
    {
        printf '%s\0' name "$name" hostname "$name" idmap $BASE 65536 stored 300000 lower "$T/root" cgroup "$GROUP/$name"
        printf '%s\0' mode app no-new-privileges seccomp "$T/app.bpf" env PATH=/bin
        for c in "${KEPT[@]}"; do printf 'capability\0%s\0' "$c"; done
        for c in "${MASKED[@]}"; do printf 'mask\0%s\0' "$c"; done
        for c in "${READONLY[@]}"; do printf 'readonly\0%s\0' "$c"; done
        printf '%s\0' "$@"
    } >"$T/c/$name/plan"
}

sh_plan() { # name, script, further directives
    local name=$1 script=$2
    shift 2
    plan "$name" arg sh arg -c arg "$script" "$@"
}

start() { timeout 30 "$LAUNCH" start "$T/c/$1"; }
field() { sed -n "s/.*\"$2\":\"\{0,1\}\([^,\"}]*\).*/\1/p" "$1"; }
init_of() { field "$T/c/$1/run/status" init; }
supervisor_of() { field "$T/c/$1/run/status" supervisor; }
exit_of() { cat "$T/c/$1/run/exit"; }
log_of() { cat "$T/c/$1/log/output"; }

# Waits for the end: run/exit, or with "all" until nothing of the run is left.
wait_end() { # name, seconds
    local end=$((SECONDS + ${2:-10}))
    until [ -e "$T/c/$1/run/exit" ]; do
        [ $SECONDS -lt $end ] || { echo "$1 has not ended"; return 1; }
        sleep 0.02
    done
}
wait_clean() { flock -w "${2:-15}" "$T/c/$1/run/lock" true || { echo "$1 was not cleaned up"; return 1; }; }

run() { # name: starts it and waits for the end
    start "$1" >"$T/status" && wait_end "$1" && wait_clean "$1"
}

stop() { # name
    local pid
    pid=$(init_of "$1")
    [ -e "$T/c/$1/run/exit" ] || kill -KILL "$pid"
    wait_end "$1" && wait_clean "$1"
}

in_container() { # name, input, directives...
    local name=$1 input=$2
    shift 2
    timeout 30 "$PYTHON" "$SOURCES/test/frames.py" exec "$LAUNCH" "$T/c/$name" "$input" env PATH=/bin "$@"
}
sh_in() { in_container "$1" - arg sh arg -c arg "$2"; }

attach() { # name, seconds, frames...
    local name=$1
    shift
    timeout 30 "$PYTHON" "$SOURCES/test/frames.py" attach "$T/c/$name/run/attach.sock" "$@"
}

groups_left() { find /sys/fs/cgroup -mindepth 2 -path "*$GROUP*/*" -type d ! -name lxc.pivot 2>/dev/null; }
loops_left() { losetup -a | grep "$T" || true; }

finish() {
    local d
    for d in "$T"/c/*/; do
        [ -e "$d/run/status" ] || continue
        [ -e "$d/run/exit" ] || kill -KILL "$(field "$d/run/status" init)" 2>/dev/null || true
        timeout 15 "$LAUNCH" clean "$d" >/dev/null 2>&1 || true
    done
    find /sys/fs/cgroup -path "*$GROUP*" -type d -depth -exec rmdir {} + 2>/dev/null || true
    [ -z "${BRIDGE:-}" ] || ip link del "$BRIDGE" 2>/dev/null || true
    rm -rf "$T"
}
trap finish EXIT
chmod 0711 "$T"
mkdir -p "$T/c"
chmod 0711 "$T/c"
