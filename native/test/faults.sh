# shellcheck shell=bash
# Limits, refusals, and what is left when something dies.

BRIDGE=''
need_bridge() {
    [ -z "$BRIDGE" ] || return 0
    BRIDGE=bn$$
    ip link add "$BRIDGE" type bridge && ip addr add 10.214.7.1/24 dev "$BRIDGE" && ip link set "$BRIDGE" up
}

test_networks() {
    local text
    need_bridge
    sh_plan net 'ip addr show eth0; ip route; probe ping 10.214.7.1; sleep 60' network bridge nic 0 "$BRIDGE" "v$$" 52:54:00:be:77:01 \
        10.214.7.2/24 10.214.7.1 1400 user 33 33
    start net >/dev/null
    sleep 0.8
    text=$(log_of net)
    check 'address and route' has 'inet 10.214.7.2/24' "$text"
    check 'gateway' has 'default via 10.214.7.1' "$text"
    check 'hardware address' has '52:54:00:be:77:01' "$text"
    check 'MTU' has 'mtu 1400' "$text"
    check 'ping without privilege' has 'ping: answered' "$text"
    check 'the host interface has its name' ip link show "v$$"
    kill -KILL "$(init_of net)"
    wait_end net
    wait_clean net
    check 'the interface goes' bash -c "! ip link show v$$"
    sh_plan alone 'ip addr; sleep 0.1' network none
    run alone
    check 'without network' lacks 'eth0' "$(log_of alone)"
    sh_plan host 'ip addr; ls /sys/class/net; grep " /sys " /proc/mounts; cat /proc/self/oom_score_adj' network host
    run host
    check "the host's network: sysfs is read-only" has 'sysfs /sys sysfs ro,' "$(log_of host)"
    check 'a container is not spared when memory runs out' has 'F 0$' "$(log_of host)"
    check "the host's network" has "F $BRIDGE" "$(log_of host)"
}

test_limits() {
    local text
    plan hog arg probe arg mem arg 200 limit memory 50000000 limit swap 0
    run hog
    check 'a memory hog is killed, and the reason shown' has '"exitCode":137,"signal":9,"oom":true' "$(exit_of hog)"
    sh_plan hogchild 'probe mem 200; echo "child $?"; exit 3' limit memory 50000000
    run hogchild
    check 'a child that was killed for memory is shown, too' has '"exitCode":3,"signal":0,"oom":true' "$(exit_of hogchild)"
    plan fork arg probe arg fork arg 100 limit pids 20
    run fork
    check 'a fork bomb ends at the limit' has 'made 1[0-9]: Resource temporarily unavailable' "$(log_of fork)"
    sh_plan forks 'for i in 1 2 3 4 5 6 7 8 9; do sleep 5 & done; exit 4' limit pids 6
    run forks
    check 'an end at the limit of processes says so' has '"exitCode":2,"signal":0,"oom":false,"pids":true' "$(exit_of forks)"
    sh_plan few 'sleep 5 & exit 4' limit pids 6
    run few
    check 'an end below it does not' has '"exitCode":4,"signal":0,"oom":false,"pids":false' "$(exit_of few)"
    sh_plan words 'sleep 60' limit memory 104857600 limit swap 1048576 limit pids 33 limit cpu.weight 200 limit cpu.quota-us 50000 limit io.weight 50
    start words >/dev/null
    text=$(cat /sys/fs/cgroup/{memory,pids,cpu,.}/"$GROUP"/words/{memory.limit_in_bytes,pids.max,cpu.shares,cpu.cfs_quota_us,memory.max,cpu.max,cpu.weight} 2>/dev/null | xargs)
    check 'limits are written in the words of this host' has '104857600 .*33|33 .*104857600' "$text"
    check 'cpu: weight and quota' has '2048 50000|50000 100000 200' "$text"
    stop words
}

test_disks() {
    local text
    truncate -s 32M "$T/disk.img"
    mkfs.ext4 -q -m 0 "$T/disk.img"
    sh_plan disk 'dd if=/dev/zero of=/fill bs=1M count=64; df / | tail -n1; echo still here' disk "$T/disk.img"
    run disk
    text=$(log_of disk)
    check 'a full disk stays inside' has 'No space left on device' "$text"
    check 'and the container lives' has 'F still here' "$text"
    check 'the loop device goes' same '' "$(loops_left)"
    sh_plan disk2 'ls -l /fill' disk "$T/disk.img"
    run disk2
    check 'the disk is kept' has ' /fill$' "$(log_of disk2)"
    mkdir "$T/small" && mount -t tmpfs -o size=256k tmpfs "$T/small"
    sh_plan nolog 'i=0; while [ $i -lt 2000 ]; do echo "a line that has some length $i"; i=$((i+1)); done; echo finished; exit 5'
    mkdir "$T/small/log" && ln -s "$T/small/log" "$T/c/nolog/log"
    check 'a link in place of the log is refused' has 'log cannot be opened' "$(start nolog 2>&1)"
    rm "$T/c/nolog/log" && mkdir "$T/c/nolog/log" && mount --bind "$T/small/log" "$T/c/nolog/log"
    dd if=/dev/zero of="$T/small/filler" bs=1k count=200 2>/dev/null
    start nolog >/dev/null
    wait_end nolog
    check 'a full log disk does not hold up the container' has '"exitCode":5' "$(exit_of nolog)"
    wait_clean nolog
    umount "$T/c/nolog/log"
    umount "$T/small"
}

refuse() { # check's name, expected reason, container
    check "refused: $1" has "$2" "$(start "$3" 2>&1)"
}

test_refusals() {
    local link
    for link in proc sys dev; do
        mkdir -p "$T/evil-$link/real"
        cp -a "$T/root/." "$T/evil-$link/"
        rmdir "$T/evil-$link/$link"
        ln -s real "$T/evil-$link/$link"
        sh_plan "evil-$link" true
        sed -i "s|$T/root|$T/evil-$link|" "$T/c/evil-$link/plan"
        refuse "a link in place of /$link" "the image's /$link is not a directory" "evil-$link"
    done
    mkdir -p "$T/host-secret"
    cp -a "$T/root" "$T/evil"
    ln -s "$T/host-secret" "$T/evil/out"
    ln -s ../../../../.. "$T/evil/up"
    sh_plan evil-target 'true' mount "$T/shared" "/out/in" ro
    sed -i "s|$T/root|$T/evil|" "$T/c/evil-target/plan"
    mkdir -p "$T/shared"
    start evil-target >/dev/null 2>&1
    check 'a link in a mount target stays inside' test ! -e "$T/host-secret/in"
    sh_plan proc-volume true mount "$T/shared" /proc/sys ro
    refuse 'a volume on /proc' 'nothing may be mounted on /proc/sys' proc-volume
    sh_plan dots true mount "$T/shared" /data/../proc ro
    refuse 'a target with dots' 'nothing may be mounted on' dots
    plan fd-cwd arg true cwd /proc/self/fd/9
    check 'refused: a working directory by descriptor' has '"exitCode":126|cannot be' "$(start fd-cwd 2>&1; exit_of fd-cwd)"
    plan no-bridge arg true network bridge nic 0 nosuchbridge "x$$" 52:54:00:be:77:0a 10.1.1.1/24 '' 0
    refuse 'a missing bridge, with the reason of liblxc' 'could not start the container: .*nosuchbridge' no-bridge
    plan bad-key arg true lxc lxc.nonsense 1
    refuse 'an unknown liblxc key' 'does not accept lxc.nonsense' bad-key
    plan hook arg true lxc lxc.hook.pre-start /bin/false
    refuse 'a hook' 'lxc.hook.pre-start is not allowed' hook
    plan bad-word arg true nonsense 1
    refuse 'an unknown directive' 'unknown directive nonsense' bad-word
    plan bad-line arg true hostname $'a\nb'
    refuse 'a line break' 'has a line break' bad-line
    plan bad-cap arg true capability CAP_NONSENSE
    refuse 'an unknown capability' 'CAP_NONSENSE is not a capability' bad-cap
    plan no-lower arg true
    sed -i "s|$T/root|$T/nowhere|" "$T/c/no-lower/plan"
    refuse 'a missing layer' "$T/nowhere cannot be mounted" no-lower
    mkdir -m 0700 "$T/closed" && mkdir "$T/closed/x" && cp "$T/c/bad-cap/plan" "$T/closed/x/"
    check 'refused: a directory that cannot be passed' has 'chmod o.x is needed' "$("$LAUNCH" start "$T/closed/x" 2>&1)"
    check 'nothing stays behind' same '' "$(groups_left)"
    cp -a "$T/root" "$T/exe" && rm "$T/exe/bin/sh" && printf '#!/proc/self/exe\n' >"$T/exe/bin/sh" && chmod 755 "$T/exe/bin/sh"
    local before
    before=$(sha256sum "$PROGRAMS"/berth-*)
    sh_plan exe true
    sed -i "s|$T/root|$T/exe|" "$T/c/exe/plan"
    start exe >/dev/null 2>&1
    plan exe2 arg sleep arg 60
    sed -i "s|$T/root|$T/exe|" "$T/c/exe2/plan"
    start exe2 >/dev/null
    in_container exe2 - arg /bin/sh arg -c arg true >/dev/null
    stop exe2
    check 'the programs cannot be overwritten from inside' same "$before" "$(sha256sum "$PROGRAMS"/berth-*)"
}

no_trace() { # name, pids...: nothing of a container is left
    local name=$1 i
    for i in $(seq 100); do
        [ -z "$(groups_left)$(loops_left)" ] && ! ip link show "w$$" >/dev/null 2>&1 && break
        sleep 0.05
    done
    same '' "$(groups_left)" && same '' "$(loops_left)" && ! ip link show "w$$" >/dev/null 2>&1 && ! grep -q "$T" /proc/mounts
}

# A container with everything that could be left: a disk, an interface, processes.
start_full() {
    truncate -s 16M "$T/$1.img"
    mkfs.ext4 -q -m 0 "$T/$1.img"
    sh_plan "$1" 'sleep 300 & sleep 300' disk "$T/$1.img" network bridge nic 0 "$BRIDGE" "w$$" 52:54:00:be:77:02 10.214.7.3/24 '' 0
    start "$1" >/dev/null
}

test_deaths() {
    local init monitor state
    need_bridge
    start_full dead1
    init=$(init_of dead1)
    kill -KILL "$(supervisor_of dead1)"
    check 'supervisor killed: the end is noted' wait_end dead1
    check 'supervisor killed: the reason is told' has 'supervisor was killed' "$(exit_of dead1)"
    check 'supervisor killed: the container has ended' bash -c "! kill -0 $init"
    wait_clean dead1
    check 'supervisor killed: nothing is left' no_trace dead1
    start_full dead2
    monitor=$(cat "/proc/$(supervisor_of dead2)/task/$(supervisor_of dead2)/children")
    kill -KILL $monitor
    check 'monitor killed: the end is noted' wait_end dead2
    wait_clean dead2
    check 'monitor killed: nothing is left' no_trace dead2
    start_full dead3
    monitor=$(cat "/proc/$(supervisor_of dead3)/task/$(supervisor_of dead3)/children")
    kill -KILL "$(supervisor_of dead3)" $monitor
    sleep 0.3
    check 'both killed: clean works' "$LAUNCH" clean "$T/c/dead3"
    check 'both killed: the end is noted' has 'supervisor was killed' "$(exit_of dead3)"
    check 'both killed: nothing is left' no_trace dead3
    start_full dead4
    for state in /sys/fs/cgroup/freezer/"$GROUP"/dead4/freezer.state /sys/fs/cgroup/"$GROUP"/dead4/cgroup.freeze; do
        [ ! -e "$state" ] || case $state in */freezer.state) echo FROZEN >"$state" ;; *) echo 1 >"$state" ;; esac
    done
    kill -KILL "$(supervisor_of dead4)"
    sleep 0.2
    check 'supervisor killed while paused: clean works' "$LAUNCH" clean "$T/c/dead4"
    check 'supervisor killed while paused: the end is noted' wait_end dead4
    check 'supervisor killed while paused: nothing is left' no_trace dead4
    start_full dead1
    check 'it starts again' has '"init":[1-9]' "$(cat "$T/c/dead1/run/status")"
    check 'clean leaves a running one alone' has 'already running' "$("$LAUNCH" clean "$T/c/dead1" 2>&1)"
    stop dead1
    check 'stopped: nothing is left' no_trace dead1
}

test_many() {
    local i pids=() failed=0 begin
    for i in $(seq 20); do sh_plan "many$i" 'sleep 60'; done
    begin=$(date +%s%N)
    for i in $(seq 20); do
        start "many$i" >/dev/null &
        pids+=($!)
    done
    for i in "${pids[@]}"; do wait "$i" || failed=$((failed + 1)); done
    check 'twenty at once' same 0 $failed
    printf 'figure 20 started at once in %d ms\n' $((($(date +%s%N) - begin) / 1000000))
    for i in $(seq 20); do kill -KILL "$(init_of "many$i")"; done
    for i in $(seq 20); do wait_clean "many$i"; done
    check 'twenty have ended, and nothing is left' same '' "$(groups_left)"
}
