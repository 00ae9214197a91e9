# shellcheck shell=bash
# Files of running and stopped containers, volumes that are filled from the image, and changes as a layer.

files_in() { # name, input, words...
    local name=$1 input=$2
    shift 2
    timeout 30 "$PYTHON" "$SOURCES/test/frames.py" files "$LAUNCH" "$T/c/$name" "$input" "$@"
}

make_disk() { # name, size
    truncate -s "$2" "$T/$1.img"
    mkfs.ext4 -q -F "$T/$1.img"
}

changes_of() { "$LAUNCH" changes "$T/c/$1"; }

check_files() { # what, name
    local what=$1 name=$2 upload=01234567-89ab-cdef-0123-456789abcdef
    check "$what: a listing" has 'd\\x00f 644 0 0 [0-9 ]*\\x00group\\x00|d 755 0 0' "$(files_in "$name" - list /)"
    check "$what: the first part" has '"exitCode":0' "$(files_in "$name" one write /srv/new $upload 0 416 more)"
    check "$what: is not seen yet" has '"exitCode":2,' "$(files_in "$name" - read /srv/new 0 100)"
    check "$what: a gap is refused" has '"exitCode":29,' "$(files_in "$name" two write /srv/new $upload 4 416 last)"
    check "$what: the last part" has '"exitCode":0' "$(files_in "$name" two write /srv/new $upload 3 416 last)"
    check "$what: reading" has "1 '6.x00onetwo'" "$(files_in "$name" - read /srv/new 0 100)"
    check "$what: reading a part" has "1 '6.x00etw'" "$(files_in "$name" - read /srv/new 2 3)"
    check "$what: mode and owner" has 'f 640 0 0 6 ' "$(files_in "$name" - list /srv/new)"
    check "$what: an upload begins" has '"exitCode":0' "$(files_in "$name" one write /srv/left $upload 0 416 more)"
    check "$what: it is dropped" has '"exitCode":0' "$(files_in "$name" - drop /srv/left $upload)"
    check "$what: and cannot go on" has '"exitCode":2,' "$(files_in "$name" two write /srv/left $upload 3 416 last)"
    check "$what: dropping what is gone" has '"exitCode":0' "$(files_in "$name" - drop /srv/gone/left $upload)"
    check "$what: a name that is no upload's is refused" has '"exitCode":22,' "$(files_in "$name" - drop /srv/left ../../../../../../../../../../etc/passwd)"
    check "$what: a link stays inside" has "root:x:0:0" "$(files_in "$name" - read /srv/out/etc/passwd 0 100)"
    check "$what: a link to nowhere is shown" has 'l 777 0 0 .*/nowhere' "$(files_in "$name" - list /srv/dead)"
    check "$what: a directory is made" has '"exitCode":0' "$(files_in "$name" - mkdir /srv/dir)"
    check "$what: no device is read" has '"exitCode":(21|2|6|13),' "$(files_in "$name" - read /dev/null 0 1)"
    check "$what: a pipe is not waited for" has '"exitCode":21,' "$(files_in "$name" - read /srv/pipe 0 1)"
    check "$what: deleting" has '"exitCode":0' "$(files_in "$name" - delete /srv/new)"
    check "$what: deleting what is gone" has '"exitCode":0' "$(files_in "$name" - delete /srv/new)"
    check "$what: deleting a directory" has '"exitCode":0' "$(files_in "$name" - delete /srv/dir)"
    check "$what: the root stays" has '"exitCode":22,' "$(files_in "$name" - delete /srv/..)"
}

test_storage() {
    mkdir -p "$T/root/srv" "$T/root/etc"
    ln -s ../../../../.. "$T/root/srv/out"
    ln -s /nowhere "$T/root/srv/dead"
    mkfifo "$T/root/srv/pipe"
    chown -hR 300000:300000 "$T/root/srv"
    make_disk disk 64M
    sh_plan storage 'sleep 600' disk "$T/disk.img"
    check_files stopped storage
    check 'nothing stays behind' same '' "$(loops_left)$(grep "$T" /proc/mounts)"
    flock "$T/disk.img" sleep 1 &
    local holder=$!
    sleep 0.2
    check 'a disk that is in use is waited for' has '"exitCode":0' "$(files_in storage - mkdir /srv/late)"
    check 'until it is free' same '' "$(kill -0 $holder 2>/dev/null && echo still)"
    start storage >/dev/null
    check 'its loop device has its lock' same 1 "$(flock -n "$T/disk.img" true; echo $?)"
    check_files running storage
    local old=/srv/.berth-upload-11111111-1111-1111-1111-111111111111
    local young=/srv/.berth-upload-22222222-2222-2222-2222-222222222222
    sh_in storage "touch -d '2 hours ago' $old; touch $young /srv/.berth-upload-short" >/dev/null
    files_in storage x write /srv/next 01234567-89ab-cdef-0123-456789abcdef 0 416 last >/dev/null
    check 'an upload that was abandoned goes with the next one' has 'young short' "$(sh_in storage "[ -e $old ] && echo old; [ -e $young ] && printf 'young '; [ -e /srv/.berth-upload-short ] && echo short")"
    sh_in storage 'mkdir /srv/swap; while :; do rm -rf /srv/swap; ln -s / /srv/swap; rm /srv/swap; mkdir /srv/swap; done' >/dev/null &
    local swapper=$! i
    for i in $(seq 12); do files_in storage x write "/srv/swap/escaped$i" 01234567-89ab-cdef-0123-456789abcdef 0 416 last >/dev/null; done
    kill $swapper 2>/dev/null
    check 'links that are swapped lead nowhere' same '' "$(ls / | grep escaped)"
    stop storage
    check 'and lets go of it' same 0 "$(flock -w 10 "$T/disk.img" true; echo $?)"
}

# An access list with a user of its own, on a directory and a file, and a capability that is for one user namespace.
give_attributes() { # directory with a tool, first stored id
    "$PYTHON" - "$1" "$2" <<'END'
import os, struct, sys
directory, base = sys.argv[1], int(sys.argv[2])
entries = [(1, 7, 0xFFFFFFFF), (2, 5, base + 1000), (4, 5, 0xFFFFFFFF), (16, 5, 0xFFFFFFFF), (32, 0, 0xFFFFFFFF)]
access = struct.pack('<I', 2) + b''.join(struct.pack('<HHI', *entry) for entry in entries)
for name in ('system.posix_acl_access', 'system.posix_acl_default'):
    os.setxattr(directory, name, access)
os.setxattr(directory + '/tool', 'system.posix_acl_access', access)
os.setxattr(directory + '/tool', 'user.note', b'kept')
# CAP_NET_BIND_SERVICE, effective; version 3 names the root of the namespace.
os.setxattr(directory + '/tool', 'security.capability', struct.pack('<IIIIII', 0x03000001, 1 << 10, 0, 0, 0, base))
END
}

attributes_of() { # directory with a tool
    "$PYTHON" - "$1" <<'END'
import os, sys
for path in (sys.argv[1], sys.argv[1] + '/tool'):
    for name in sorted(os.listxattr(path)):
        print(os.path.basename(path), oct(os.stat(path).st_mode), name, os.getxattr(path, name).hex())
END
}

test_copyup() {
    mkdir -p "$T/root/data/sub" "$T/fresh"
    echo content | tee "$T/root/data/sub/file" >"$T/root/data/sub/tool"
    ln -s sub/file "$T/root/data/link"
    chown -hR 300033:300034 "$T/root/data"
    chmod 2750 "$T/root/data/sub"
    give_attributes "$T/root/data/sub" 300000
    chown 300000:300000 "$T/fresh"
    sh_plan filled 'stat -c "%n %u %g %a" /data /data/sub /data/sub/file; cat /data/link; echo changed >/data/sub/file' mount "$T/fresh" /data rw,idmap,copy
    run filled
    check 'an empty volume is filled, with owners and modes' has '/data/sub 33 34 2750' "$(log_of filled)"
    check 'its root too' has '/data 33 34 755' "$(log_of filled)"
    check 'and its content' has 'F content' "$(log_of filled)"
    check 'access lists and capabilities are kept, for ids as volumes store them' same "$(attributes_of "$T/root/data/sub")" "$(attributes_of "$T/fresh/sub")"
    check 'of both there are some' has 'posix_acl_default.*security.capability' "$(attributes_of "$T/fresh/sub" | tr '\n' ' ')"
    check 'nothing else is in it' same 'link sub' "$(ls -A "$T/fresh" | tr '\n' ' ' | sed 's/ $//')"
    run filled
    check 'it is filled once' has 'F changed' "$(log_of filled)"
    rm -rf "$T/fresh"/*
    mkdir -p "$T/fresh/.berth-copy/half"
    chown -R 300000:300000 "$T/fresh/.berth-copy"
    run filled
    check 'a fill that was cut off is done anew' same 'link sub' "$(ls -A "$T/fresh" | tr '\n' ' ' | sed 's/ $//')"
    rm -rf "$T/root/data"
    mkdir -p "$T/race/sub/dir" "$T/secret"
    touch "$T/secret/secret" "$T/race/sub/dir/file"
    chown -hR 300000:300000 "$T/race"
    sh_plan racer "cd /v/sub; while :; do mv dir kept; ln -s $T/secret dir; rm dir; mv kept dir; done" mount "$T/race" /v rw,idmap
    start racer >/dev/null
    local i
    for i in $(seq 8); do
        mkdir "$T/raced$i"
        chown 300000:300000 "$T/raced$i"
        sh_plan raced true mount "$T/race" /data rw,idmap mount "$T/raced$i" /data/sub rw,idmap,copy
        start raced >/dev/null 2>&1 && wait_end raced && wait_clean raced
    done
    check 'links that are swapped lead nowhere' same '' "$(find "$T"/raced* -name secret)"
    check 'and something was copied' has 'file|dir' "$(find "$T"/raced* -mindepth 1)"
    stop racer
}

test_changes() {
    mkdir -p "$T/root/old/dir" "$T/root/opaque"
    touch "$T/root/old/dir/gone" "$T/root/opaque/below"
    chown -hR 300000:300000 "$T/root/old" "$T/root/opaque"
    make_disk changes 64M
    sh_plan changed 'rm /old/dir/gone; rm -r /opaque; mkdir /opaque; echo x >/new; chown 33:34 /new; ln /new /same; ln -s /new /soft; sleep 60' disk "$T/changes.img"
    start changed >/dev/null
    sleep 0.5
    changes_of changed >"$T/running.tar"
    stop changed
    changes_of changed >"$T/stopped.tar"
    local listing
    listing=$(tar --numeric-owner -tvf "$T/running.tar")
    check 'a whiteout' has ' old/dir/\.wh\.gone$' "$listing"
    check 'an opaque directory' has ' opaque/\.wh\.\.wh\.\.opq$' "$listing"
    check 'owners as inside' has '33/34 .* new$' "$listing"
    check 'a hard link' has 'same link to new' "$listing"
    check 'a symbolic link' has 'soft -> /new' "$listing"
    check 'the same bytes, running or stopped' cmp "$T/running.tar" "$T/stopped.tar"
    check 'nothing stays behind' same '' "$(loops_left)"
    rm -rf "$T/root/old" "$T/root/opaque"
}
