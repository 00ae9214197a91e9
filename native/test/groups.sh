# shellcheck shell=bash
# What a container does from its start to its end.

test_exits() {
    local text
    sh_plan zero 'echo hello; echo wrong >&2'
    check 'a container starts' run zero
    text=$(exit_of zero)
    check 'exit code 0' has '"exitCode":0,"signal":0,"oom":false' "$text"
    check 'the status names supervisor, init and time' has '^\{"supervisor":[0-9]+,"init":[0-9]+,"startTicks":[0-9]+,"startedAt":"20..-..-..T' "$(cat "$T/status")"
    sh_plan seven 'exit 7'
    run seven
    check 'exit code 7' has '"exitCode":7,"signal":0' "$(exit_of seven)"
    sh_plan killed 'kill -KILL $$'
    run killed
    check 'end by a signal' has '"exitCode":137,"signal":9,"oom":false' "$(exit_of killed)"
    plan missing arg nothing-here
    text=$(start missing 2>&1)
    check 'a missing command fails the start' has 'nothing-here cannot be executed: No such file' "$text"
    check 'a missing command is 127' has '"exitCode":127,.*nothing-here' "$(exit_of missing)"
    plan odd arg $'n\xe4y"\\\n'
    start odd >/dev/null 2>&1
    check 'any name keeps run/exit a JSON text' "$PYTHON" -c "import json; assert json.load(open('$T/c/odd/run/exit', encoding='ascii'))['exitCode'] == 127"
    plan plain arg /bin/plain
    text=$(start plain 2>&1)
    check 'a file that is no program is 126' has '"exitCode":126,' "$(exit_of plain)"
    sh_plan polite 'trap "exit 5" TERM; while :; do sleep 0.05; done'
    start polite >/dev/null
    sleep 0.2
    kill -TERM "$(init_of polite)"
    wait_end polite
    check 'a signal to init reaches the process' has '"exitCode":5' "$(exit_of polite)"
    sh_plan again 'sleep 60'
    start again >/dev/null
    check 'a second start is refused' has 'already running' "$(start again 2>&1)"
    kill -KILL "$(init_of again)"
    wait_end again
    check 'a killed init is told' has '"exitCode":137,"signal":9' "$(exit_of again)"
    check 'it starts again at once' has '"init":' "$(start again 2>&1)"
    stop again
    sh_plan orphans '(sleep 0.1 &) ; (sleep 0.1 &); sleep 0.5; ps | grep -c "\[sleep\]"; true'
    run orphans
    check 'orphans are reaped' has ' stdout F 0$' "$(log_of orphans)"
}

test_logs() {
    local text
    sh_plan log 'echo out; echo err >&2; printf part; sleep 1.5; echo " two"; printf end'
    run log
    text=$(log_of log)
    check 'stdout has a timestamp' has '^20[0-9-]+T[0-9:]+\.[0-9]{9}Z stdout F out$' "$text"
    check 'stderr is kept apart' has ' stderr F err$' "$text"
    check 'an incomplete line is shown after a while' has ' stdout P part$' "$text"
    check 'its rest follows' has ' stdout F  two$' "$text"
    check 'the last line needs no newline' has ' stdout F end$' "$text"
    sh_plan rotate 'i=0; while [ $i -lt 3000 ]; do echo "line $i"; i=$((i+1)); done' log-size 20000 log-files 3
    run rotate
    check 'rotation keeps so many files' same "output output.1 output.2" "$(cd "$T/c/rotate/log" && echo output*)"
    check 'rotated files are small' same 0 "$(find "$T/c/rotate/log" -name 'output*' -size +20000c | wc -l)"
    check 'the last line is in the newest file' has 'line 2999$' "$(tail -n1 "$T/c/rotate/log/output")"
    check 'nothing is lost between files' same "$(($(tail -n1 "$T/c/rotate/log/output.1" | sed 's/.* //') + 1))" \
        "$(head -n1 "$T/c/rotate/log/output" | sed 's/.* //')"
    sh_plan long 'head -c 40000 /dev/zero | tr "\000" x; echo'
    run long
    check 'a long line is split into partial records' same 'P P F' "$(cut -d' ' -f3 "$T/c/long/log/output" | xargs)"
    sh_plan device 'echo by-name >/dev/stdout; echo err-name >/dev/stderr' user 33 33
    run device
    check '/dev/stdout can be opened by the user' has 'stdout F by-name' "$(log_of device)"
}

test_files() {
    local text
    mkdir -p "$T/volume" "$T/shared/sub"
    chown -R 300033:300033 "$T/volume"
    echo from-host >"$T/shared/file"
    sh_plan files 'cat /etc/resolv.conf /etc/hosts; hostname; touch /data/made && stat -c %u /data/made; cat /ro/file; touch /ro/x;
        df /cache | tail -n1; pwd; touch /written; cat /one; stat -c "root %u" /bin' \
        mount "$T/volume" /data idmap,rw mount "$T/shared" /ro/deep/er ro mount "$T/shared" /ro ro mount "$T/shared/file" /one ro,file \
        tmpfs /cache 1048576 1777 dns $'nameserver 10.9.8.7\n' hosts $'127.0.0.1 localhost extra\n' cwd /srv/app user 33 33
    run files
    text=$(log_of files)
    check 'resolv.conf' has 'F nameserver 10.9.8.7' "$text"
    check 'hosts' has 'F 127.0.0.1 localhost extra' "$text"
    check 'hostname' has 'F files$' "$text"
    check 'an idmapped volume shows and keeps the ids' has 'F 33$' "$text"
    check 'in the volume they lie unshifted' same 300033 "$(stat -c %u "$T/volume/made")"
    check 'a read-only mount' has 'touch: /ro/x: Read-only file system' "$text"
    check 'a file can be mounted' has 'F from-host' "$text"
    check 'a tmpfs has its size' has ' 1024 .* /cache$' "$text"
    check 'the working directory is made' has 'F /srv/app$' "$text"
    check 'layers belong to the root' has 'F root 0$' "$text"
    sh_plan writes 'echo x >/var/new && rm /bin/ls && ls /bin/ls; stat -c "%u" /var/new'
    run writes
    check 'changes go to the upper directory' test -f "$T/c/writes/upper/var/new"
    check 'the layer stays' test -e "$T/root/bin/ls" -o -L "$T/root/bin/ls"
    check 'they belong to the container' same 1000000 "$(stat -c %u "$T/c/writes/upper/var/new")"
    sh_plan readonly 'touch /x; echo shm >/dev/shm/x && cat /dev/shm/x' read-only
    run readonly
    check 'a read-only root' has 'touch: /x: Read-only file system' "$(log_of readonly)"
    check 'shared memory in it' has 'F shm' "$(log_of readonly)"
    mknod -m 0666 "$T/root/null" c 1 3
    chown 300000:300000 "$T/root/null"
    sh_plan node 'echo x >/null; echo y >/dev/null && echo fine'
    run node
    check 'a device of the image is no device' has "can't create /null: Permission denied" "$(log_of node)"
    check 'those of /dev are' has 'F fine' "$(log_of node)"
    rm "$T/root/null"
    sh_plan limits 'ulimit -n; ulimit -c' rlimit nofile 123 456 rlimit core 0 0 rlimit nice 5 5
    run limits
    check 'resource limits' has 'F 123$' "$(log_of limits)"
}

test_privileges() {
    local text
    sh_plan inside 'cat /proc/self/status /proc/self/uid_map; ls /proc/self/fd | wc -l; ls /dev; head -c1 /proc/kcore | wc -c; cat /proc/keys | wc -c;
        ls /sys/firmware | wc -l; echo 1 >/proc/sys/vm/swappiness; echo b >/proc/sysrq-trigger; ls /proc/1/root; cat /proc/1/status; sleep 60'
    start inside >/dev/null
    sleep 0.4
    text=$(log_of inside)
    check 'a range of ids of its own' has ' 0 +1000000 +65536$' "$text"
    check 'only the kept capabilities' has 'CapBnd:.00000000800405fb$' "$text"
    check 'effective likewise' has 'CapEff:.00000000800405fb$' "$text"
    check 'nothing inheritable' has 'CapInh:.0000000000000000$' "$text"
    check 'nothing ambient' has 'CapAmb:.0000000000000000$' "$text"
    check 'no_new_privs' has 'NoNewPrivs:.1$' "$text"
    check 'a filter' has 'Seccomp:.2$' "$text"
    check 'only stdio is open' has ' stdout F 4$' "$text"
    check 'no other devices' same 'fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero' "$(sh_in inside 'ls /dev | xargs' |
        sed -n "s/^1 '\(.*\).n'$/\1/p")"
    check 'kcore is masked' has ' stdout F 0$' "$text"
    check '/proc/sys is read-only' has "can't create /proc/sys/vm/swappiness: Read-only" "$text"
    check 'sysrq-trigger is read-only' has "can't create /proc/sysrq-trigger" "$text"
    check "process 1's root is closed" has '/proc/1/root: Permission denied' "$text"
    check 'process 1 keeps only CAP_KILL' has 'CapPrm:.0000000000000020$' "$text"
    check 'process 1 is filtered, too' same 2 "$(grep -c 'Seccomp:.2$' <<<"$text")"
    text=$(sh_in inside 'cat /proc/self/status; cat /proc/self/uid_map; ls /proc/self/fd | wc -l')
    check 'exec: the same capabilities' has 'CapBnd:\\t00000000800405fb' "$text"
    check 'exec: no_new_privs and filter' has 'NoNewPrivs:\\t1\\nSeccomp:\\t2' "$text"
    check 'exec: only stdio is open' has '\\n4\\n' "$text"
    text=$(in_container inside - arg sh arg -c arg 'id; cat /proc/self/status; kill -0 1' user 33 44 group 55)
    check 'exec: user and groups' has 'uid=33\(web\) gid=44 groups=(44,)?55' "$text"
    check 'exec: a user has no capabilities' has 'CapEff:\\t0000000000000000' "$text"
    stop inside
    sh_plan user 'cat /proc/self/status; touch /root/x' user 33 33
    run user
    check 'a user has no capabilities' has 'CapEff:.0000000000000000$' "$(log_of user)"
    check 'a user is bound' has 'CapBnd:.00000000800405fb$' "$(log_of user)"
    check 'a user may not write what is root'"'"'s' has 'touch: /root/x: Permission denied' "$(log_of user)"
}

# bpf, keyctl and keys, io_uring, userfaultfd, mounts, namespaces, perf, kexec, modules, ptrace and memory of others, clocks, swap, …
DENIED=(321 250 248 249 425 426 427 323 165 166 428 429 430 431 432 433 442 155 272 308 298 246 320 175 313 176 101 310 311 440 438 312 169
    167 168 170 171 172 173 164 227 163 179 443 103 304 300 301 212 153 447 134 136 139 156 279 256 450 278)

test_calls() {
    local text
    plan calls arg probe $(printf 'arg %s ' "${DENIED[@]}") arg 39
    run calls
    text=$(log_of calls)
    check "${#DENIED[@]} system calls are denied" same ${#DENIED[@]} "$(grep -c 'Operation not permitted$' <<<"$text")"
    check 'others are allowed' has ' 39 allowed$' "$text"
    plan clone arg probe arg 435 arg 56
    run clone
    check 'clone3 is unknown' has ' 435 Function not implemented' "$(log_of clone)"
    check 'clone of namespaces is denied' has ' 56 Operation not permitted' "$(log_of clone)"
}

test_execs() {
    local text begin
    sh_plan box 'sleep 600'
    start box >/dev/null
    check 'exec: exit 0' has '^4 .*"exitCode":0' "$(in_container box - arg true)"
    check 'exec: exit code' has '^4 .*"exitCode":9,"signal":0' "$(sh_in box 'exit 9')"
    check 'exec: signal' has '^4 .*"exitCode":143,"signal":15' "$(sh_in box 'kill -TERM $$')"
    check 'exec: missing command' has '^4 .*"exitCode":127.*nix cannot be executed' "$(in_container box - arg nix)"
    check 'exec: no program' has '^4 .*"exitCode":126' "$(in_container box - arg /bin/plain)"
    text=$(in_container box 'some\nlines\n' arg sh arg -c arg 'cat; echo err >&2; pwd; echo $X' cwd /tmp env X=y)
    check 'exec: stdin, directory and environment' has "^1 'some.nlines.n/tmp.ny.n'" "$text"
    check 'exec: stderr apart' has "^2 'err" "$text"
    text=$(in_container box 'tty; stty size; exit 3\n' arg sh tty)
    check 'exec: terminal' has '/dev/pts/0' "$text"
    check 'exec: terminal, exit code' has '^4 .*"exitCode":3' "$text"
    check 'exec: in the same groups' has "/$GROUP/box/pids" "$(pid_groups box)"
    text=$(in_container box - arg true cwd /proc/self/fd/3)
    check 'exec: no directory by descriptor' has '^4 .*"exitCode":126.*cannot be entered' "$text"
    check 'exec: 1 MB' same 1048576 "$(in_container box - arg sh arg -c arg 'head -c 1048576 /dev/zero | tr "\000" x' | sed -n "s/^1 '\(.*\)'$/\1/p" | tr -d '\n' | wc -c)"
    begin=$SECONDS
    text=$(sh_in box 'sleep 30 & echo started')
    check 'exec: what stays in the background does not hold it up' test $((SECONDS - begin)) -lt 10
    check 'exec: nor does it lose output' has "^1 'started" "$text"
    stop box
    check 'exec: not running' has '"exitCode":126.*not running' "$(in_container box - arg true)"
}

pid_groups() { # where a process that exec added lies, seen from the host
    local pid i
    in_container "$1" - arg sleep arg 4 >/dev/null &
    for i in $(seq 40); do
        for pid in $(cat "/sys/fs/cgroup/pids/$GROUP/$1/cgroup.procs" "/sys/fs/cgroup/$GROUP/$1/cgroup.procs" 2>/dev/null); do
            tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q '^sleep 4 ' && echo "/$GROUP/$1/pids" && return
        done
        sleep 0.1
    done
}

test_terminals() {
    local text
    sh_plan tty 'tty; stty size; read line; echo "got $line"; stty size; read line' tty env TERM=vt100
    start tty >/dev/null
    sleep 0.2
    text=$(attach tty 0.6 3:33x111 '0:first\n')
    check 'input reaches the terminal' has 'got first' "$text"
    check 'its size can be set' has '33 111' "$text"
    check 'the log has the terminal, too' has ' stdout F /dev/pts/0' "$(log_of tty)"
    check '/dev/console is the terminal' has 'console on the terminal' "$(sh_in tty '[ "$(stat -c %t:%T /dev/console)" = 88:0 ] && echo console on the terminal')"
    attach tty 1 '0:bye\n' >"$T/last"
    wait_end tty
    check 'an attached client gets the exit' has '^4 .*"exitCode":0' "$(cat "$T/last")"
}

test_attachments() {
    local text peer
    sh_plan att 'while read line; do echo "echo $line"; echo "err $line" >&2; done; echo ended; sleep 0.3; exit 4' stdin
    start att >/dev/null
    attach att 1 >"$T/watcher" &
    sleep 0.3
    text=$(attach att 0.5 '0:one\n')
    check 'attached: stdin and both streams' has "^1 'echo one.n'" "$text"
    check 'attached: stderr' has "^2 'err one.n'" "$text"
    wait
    check 'attached: others see it' has "^1 'echo one.n'" "$(cat "$T/watcher")"
    text=$(attach att 2 '6:')
    check 'attached: end of stdin, and the exit' has '^4 .*"exitCode":4' "$text"
    wait_clean att
    check 'the socket goes' test ! -e "$T/c/att/run/attach.sock"
    sh_plan signal 'trap "exit 6" USR1; while :; do sleep 0.05; done'
    start signal >/dev/null
    sleep 0.2
    check 'attached: a signal' has '^4 .*"exitCode":6' "$(attach signal 2 7:10)"
    sh_plan waits 'read x; i=0; while [ $i -lt 100 ]; do head -c 65536 /dev/zero | tr "\000" x; echo; i=$((i+1)); done; echo done' stdin
    start waits >/dev/null
    "$PYTHON" -c "
import socket, time, sys
s = socket.socket(socket.AF_UNIX); s.connect('$T/c/waits/run/attach.sock')
s.sendall(bytes([0,0,0,0,0,0,0,2]) + b'x\n'); time.sleep(30)" &
    peer=$!
    wait_end waits 20
    check 'a client that does not read holds nothing up' has 'F done$' "$(tail -n1 "$T/c/waits/log/output")"
    check 'it is still there' kill "$peer"
    wait
    check 'a process without stdin reads its end' has '"exitCode":1' "$(sh_plan nostdin 'read x' && run nostdin && exit_of nostdin)"
}
