# shellcheck shell=bash
# Starting, finding and ending Berth's processes, with systemd and without it.

has_systemd() { [ -d /run/systemd/system ]; }

# Whether the process of a pid file runs the given text in its command line.
runs() {
    local pid_file=$1 text=$2 pid
    pid=$(cat "$pid_file" 2>/dev/null) || return 1
    [ -n "$pid" ] && [ -r "/proc/$pid/cmdline" ] && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -F -- "$text" >/dev/null
}

# Starts a daemon below a reaping parent; its output goes to a log file. As another user if one is named.
start_daemon() {
    local name=$1 user=$2 run=$3 log=$4
    shift 4
    local as=()
    [ "$user" = root ] || as=(setpriv --reuid "$user" --regid "$user" --init-groups --no-new-privs)
    setsid "${as[@]}" "$@" </dev/null >>"$log" 2>&1 &
    echo $! >"$run/$name.pid"
}

# Ends the process of a pid file: politely, then by force after 15 seconds, or what it is given.
stop_daemon() {
    local name=$1 run=$2 text=$3 patience=${4:-15} pid i
    if ! runs "$run/$name.pid" "$text"; then
        rm -f "$run/$name.pid"
        return 0
    fi
    pid=$(cat "$run/$name.pid")
    kill "$pid" 2>/dev/null || true
    for ((i = 0; i < patience * 10; i++)); do
        [ -d "/proc/$pid" ] && ! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null || break
        sleep 0.1
    done
    kill -9 "$pid" 2>/dev/null || true
    rm -f "$run/$name.pid"
}

# /dev/kvm as udev would set it, where there is no udev. While root can open it and QEMU's user cannot, libvirt takes what it
# knows of QEMU for outdated and probes it again some 25 times for each define: 19 s instead of 0.04 s (libvirt 9.0).
share_kvm() {
    [ -c /dev/kvm ] && [ "$(id -u)" = 0 ] && [ "$(stat -c %a /dev/kvm)" = 600 ] && getent group kvm >/dev/null || return 0
    chgrp kvm /dev/kvm && chmod 660 /dev/kvm
}

# Starts one of libvirt's daemons unless it runs here: one in another network namespace is a private host's. The whole of it in
# the background would keep a shell with our output open for as long as the daemon runs, and `infra/up | tee log` would never
# end.
start_libvirt_daemon() {
    if ! pgrep --ns $$ --nslist net -x "$1" >/dev/null; then
        setsid tini -s -- "$1" </dev/null >>"/var/log/libvirt/$1.out" 2>&1 &
    fi
}

# libvirtd answers; started here where nothing else starts it. Guests then survive it, because QEMU is its own process.
need_libvirtd() {
    share_kvm
    virsh -c qemu:///system --quiet version >/dev/null 2>&1 && return 0
    if has_systemd; then
        systemctl enable --now virtlogd.socket libvirtd.socket libvirtd.service >/dev/null 2>&1 || true
    else
        mkdir -p /run/libvirt /var/log/libvirt
        pgrep -x dbus-daemon >/dev/null || { command -v dbus-daemon >/dev/null && mkdir -p /run/dbus && dbus-daemon --system --fork 2>/dev/null; } || true
        start_libvirt_daemon virtlogd
        sleep 0.3
        start_libvirt_daemon libvirtd
    fi
    wait_for 30 "libvirtd to answer" virsh -c qemu:///system --quiet version
}

# Waits until a command succeeds.
wait_for() {
    local seconds=$1 what=$2 end
    shift 2
    end=$((SECONDS + seconds))
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || die "Waited $seconds seconds for $what in vain."
        sleep 0.2
    done
}
