# shellcheck shell=bash
# Figures: start against bare lxc-start, exec, memory.

percentiles() { # name, file with one number of microseconds a line
    sort -n "$2" | awk -v name="$1" '{ v[NR] = $1 } END {
        printf "figure %-40s p50 %5.1f ms, p95 %5.1f ms, %d times\n", name, v[int((NR + 1) / 2)] / 1000, v[int(NR * 0.95 + 0.5)] / 1000, NR }'
}

now_us() { echo $((${EPOCHREALTIME/./})); }

measure_starts() { # name of the figure, container, times
    local i begin
    : >"$T/times"
    for i in $(seq "$3"); do
        begin=$(now_us)
        "$LAUNCH" start "$T/c/$2" >/dev/null || return 1
        echo $(($(now_us) - begin)) >>"$T/times"
        kill -KILL "$(init_of "$2")"
        wait_clean "$2"
    done
    percentiles "$1" "$T/times"
}

# The same root and the same isolation, by the library's own program.
measure_lxc() { # times
    local i begin c=$T/lxc/bare
    command -v lxc-start >/dev/null || return 0
    mkdir -p "$c" "$T/bare"
    chmod 0711 "$T/lxc" "$c"
    cp -a "$T/root" "$T/bare/root"
    chown -hR 1000000:1000000 "$T/bare/root"
    printf '%s\n' "lxc.rootfs.path = dir:$T/bare/root" 'lxc.uts.name = bare' 'lxc.idmap = u 0 1000000 65536' 'lxc.idmap = g 0 1000000 65536' \
        'lxc.mount.auto = proc:mixed sys:ro' 'lxc.net.0.type = empty' 'lxc.tty.max = 0' "lxc.cgroup.dir.container = $GROUP/bare" \
        "lxc.cgroup.dir.monitor = $GROUP.monitor/bare" "lxc.cgroup.dir.monitor.pivot = $GROUP.monitor" 'lxc.init.cmd = /bin/sleep 600' >"$c/config"
    : >"$T/times"
    for i in $(seq "$1"); do
        begin=$(now_us)
        PATH=/usr/sbin:/usr/bin:/sbin:/bin env -u X lxc-start -P "$T/lxc" -n bare -d || return 1
        echo $(($(now_us) - begin)) >>"$T/times"
        lxc-stop -P "$T/lxc" -n bare -k
    done
    percentiles 'bare lxc-start' "$T/times"
}

measure_execs() { # times
    local i begin
    sh_plan idle 'exec sleep 600'
    start idle >/dev/null
    "$PYTHON" -c "
import struct, sys
p = b'arg\0true\0env\0PATH=/bin\0'
sys.stdout.buffer.write(bytes([5, 0, 0, 0]) + struct.pack('>I', len(p)) + p + bytes([6, 0, 0, 0, 0, 0, 0, 0]))" >"$T/true"
    : >"$T/times"
    for i in $(seq "$1"); do
        begin=$(now_us)
        "$LAUNCH" exec "$T/c/idle" <"$T/true" >/dev/null
        echo $(($(now_us) - begin)) >>"$T/times"
    done
    percentiles 'exec of true' "$T/times"
}

memory_of() { # field, pids...
    local sum=0 pid field=$1
    shift
    for pid in "$@"; do sum=$((sum + $(awk -v f="^$field:" '$0 ~ f { s += $2 } END { print s + 0 }' "/proc/$pid/smaps_rollup"))); done
    echo $sum
}

# With ten containers, so that what they share is shared as on a node.
measure_memory() {
    local i all=() supervisor monitor
    for i in $(seq 10); do
        sh_plan "mem$i" 'exec sleep 600'
        start "mem$i" >/dev/null
        supervisor=$(supervisor_of "mem$i")
        monitor=$(cat "/proc/$supervisor/task/$supervisor/children")
        all+=("$supervisor" $monitor "$(init_of "mem$i")")
    done
    printf 'figure memory of an idle container (supervisor, monitor, init): PSS %d kB, private dirty %d kB, RSS %d kB\n' \
        $(($(memory_of Pss "${all[@]}") / 10)) $(($(memory_of Private_Dirty "${all[@]}") / 10)) $(($(memory_of Rss "${all[@]}") / 10))
    check 'an idle container takes less than 3 MB' test $(($(memory_of Pss "${all[@]}") / 10)) -lt 3072
    printf 'figure   supervisor %d kB, monitor %d kB, init %d kB PSS\n' "$(memory_of Pss "$supervisor")" "$(memory_of Pss $monitor)" \
        "$(memory_of Pss "$(init_of mem10)")"
    for i in $(seq 10); do stop "mem$i"; done
}

test_measure() {
    local times=${TIMES:-50}
    sh_plan fast 'exec sleep 600'
    measure_starts 'berth-launch start' fast "$times"
    measure_lxc "$times"
    truncate -s 64M "$T/fast.img"
    mkfs.ext4 -q -m 0 "$T/fast.img"
    need_bridge
    sh_plan fastfull 'exec sleep 600' disk "$T/fast.img" network bridge nic 0 "$BRIDGE" "m$$" 52:54:00:be:77:05 10.214.7.5/24 10.214.7.1 0
    measure_starts 'start with disk and interface' fastfull "$times"
    measure_execs "$times"
    measure_memory
}
