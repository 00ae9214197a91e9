# shellcheck shell=bash
# shellcheck source-path=SCRIPTDIR/../..
# The busybox image: Debian's static busybox with links for all of its commands, serving a small page.

build() {
    local work=$1 out=$2 root=$1/root command
    apt_install busybox-static
    mkdir -p "$root"/{bin,dev,etc,proc,root,run,sys,tmp,var,www}
    chmod 1777 "$root/tmp"
    chmod 700 "$root/root"
    cp "$(command -v busybox)" "$root/bin/busybox"
    chmod 755 "$root/bin/busybox"
    for command in $(busybox --list); do
        [ -e "$root/bin/$command" ] || ln -s busybox "$root/bin/$command"
    done
    printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$root/etc/passwd"
    printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
    cp "$here/images/busybox/index.html" "$root/www/index.html"
    pack_root "$root" "$out"
    cat >"$out/image.json.new" <<-'END'
	{"name":"busybox","config":{"Cmd":["/bin/httpd","-f","-v","-p","80","-h","/www"],
	 "Env":["PATH=/bin"],"WorkingDir":"/","ExposedPorts":{"80/tcp":{}},"StopSignal":"SIGTERM"}}
	END
    mv "$out/image.json.new" "$out/image.json"
}
