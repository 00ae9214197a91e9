# shellcheck shell=bash
# shellcheck source-path=SCRIPTDIR/..
# The tiny image: Debian's cloud kernel and busybox in an initial RAM disk, and a small ext4 disk at /data.
# It knows virtio devices only, because the cloud kernel has nothing else.

TINY_MODULES=(virtio_pci virtio_blk virtio_net virtio_console virtio-rng virtio_balloon button evdev sr_mod isofs)

build() {
    local work=$1 out=$2
    apt_install busybox-static cpio e2fsprogs qemu-utils
    fetch_kernel "$work"
    lay_out_root "$work"
    (cd "$work/root" && find . -print0 | LC_ALL=C sort -z | cpio --quiet -0 -o -H newc -R 0:0 | gzip -9n) >"$work/initrd"
    truncate -s 64M "$work/disk.raw"
    mkfs.ext4 -q -L data -E root_owner=0:0 "$work/disk.raw"
    qemu-img convert -q -f raw -O qcow2 "$work/disk.raw" "$out/disk.qcow2"
    cp "$work"/kernel/boot/vmlinuz-* "$out/kernel"
    cp "$work/initrd" "$out/initrd"
    # On a busy host without KVM the kernel may find that its timer does not tick, and panics, unless it does not look.
    printf '{"name":"tiny","commandLine":"console=tty0 console=ttyS0,115200 quiet loglevel=3 no_timer_check vt.global_cursor_default=1"}\n' \
        >"$out/image.json.new"
    mv "$out/image.json.new" "$out/image.json"
}

# Unpacks the newest cloud kernel of the distribution; from a cache when it was fetched before.
fetch_kernel() {
    local work=$1 cache package
    cache=${BERTH_CACHE:-/var/cache/berth}/kernel
    mkdir -p "$cache"
    package=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -1)
    if [ -z "$package" ]; then
        apt-get update -qq
        package=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -1)
    fi
    [ -n "$package" ] || die "The package lists have no linux-image-cloud-amd64; run apt-get update."
    if ! compgen -G "$cache/${package}_*.deb" >/dev/null; then
        say "Fetching $package"
        (cd "$work" && apt-get download -qq "$package" -o APT::Sandbox::User=root)
        mv "$work/$package"_*.deb "$cache/"
    fi
    # shellcheck disable=SC2012 # names are those of Debian packages
    dpkg-deb -x "$(ls -t "$cache/$package"_*.deb | head -1)" "$work/kernel"
}

# Copies busybox, the modules with what they need, and the files beside this script.
lay_out_root() {
    local work=$1 root=$1/root modules version module line path
    mkdir -p "$root"/{bin,dev,etc,proc,root,run,sys,tmp,data,lib/modules}
    cp "$(command -v busybox)" "$root/bin/busybox"
    modules=$(dirname "$(find "$work/kernel" -path '*/lib/modules/*/kernel' -type d | head -1)")
    version=$(basename "$modules")
    busybox depmod -b "${modules%/lib/modules/*}" "$version"
    for module in "${TINY_MODULES[@]}"; do
        line=$(grep -E "/${module}\.ko:" "$modules/modules.dep") || continue
        # Dependencies stand last first; each path is loaded once.
        for path in $(tr ':' ' ' <<<"$line" | tr ' ' '\n' | tac); do
            [ -e "$root/lib/modules/$(basename "$path")" ] && continue
            cp "$modules/${path#/lib/modules/"$version"/}" "$root/lib/modules/"
            basename "$path" >>"$root/lib/modules/order"
        done
    done
    cp "$here/images/tiny/init" "$root/init"
    cp "$here/images/tiny/dhcp" "$root/bin/dhcp-event"
    cp "$here/images/tiny/profile" "$root/etc/profile"
    chmod 755 "$root/init" "$root/bin/dhcp-event"
    printf 'root::0:0:root:/root:/bin/sh\n' >"$root/etc/passwd"
    printf 'root:x:0:\n' >"$root/etc/group"
}
