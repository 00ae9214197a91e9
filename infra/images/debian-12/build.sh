# shellcheck shell=bash
# shellcheck source-path=SCRIPTDIR/../..
# The debian-12 image: Debian's cloud kernel, cloud-init, the QEMU guest agent and an ssh server on a GPT disk that boots by
# BIOS and by UEFI. Made without mounts and without loop devices: every part is written to its place in one file.

# In sectors of 512 bytes. The root file system comes last, so that growpart can extend it.
BIOS_AT=2048 BIOS_SECTORS=6144
ESP_AT=8192 ESP_SECTORS=32768
ROOT_AT=40960
DISK_BYTES=$((2 << 30))
# The same in every build; a disk is known to its guest by these, and guests see only their own disks.
ROOT_UUID=6265b271-b0d1-4d12-8a2c-0000000000d1
HASH_SEED=6265b271-b0d1-4d12-8a2c-0000000000d2
DISK_UUID=6265b271-b0d1-4d12-8a2c-0000000000d3
# What mkfs.vfat --invariant gives.
ESP_UUID=1234-ABCD

DEBIAN_PACKAGES=(linux-image-cloud-amd64 initramfs-tools zstd grub-pc-bin grub-efi-amd64-bin grub2-common
    systemd-sysv systemd-resolved systemd-timesyncd libpam-systemd dbus udev netplan.io netbase iproute2 iputils-ping
    cloud-init cloud-guest-utils e2fsprogs fdisk qemu-guest-agent openssh-server openssh-client
    sudo ca-certificates curl less nano tzdata)
GRUB_MODULES=(part_gpt ext2 search search_fs_uuid normal configfile)

build() {
    local work=$1 out=$2 root=$1/root disk=$1/disk.raw
    apt_install mmdebstrap debian-archive-keyring dosfstools mtools fdisk e2fsprogs qemu-utils
    make_root "$work" "$root"
    make_boot_loader "$root"
    make_disk "$root" "$disk"
    # zstd: as small as zlib's, and unpacked several times faster when a guest reads it.
    qemu-img convert -q -f raw -O qcow2 -c -o compression_type=zstd "$disk" "$out/disk.qcow2"
    printf '{"name":"debian-12"}\n' >"$out/image.json.new"
    mv "$out/image.json.new" "$out/image.json"
}

make_root() {
    local work=$1 root=$2 main security epoch
    main=$(mirror Debian http://deb.debian.org/debian)
    security=$(mirror Debian-Security http://deb.debian.org/debian-security)
    printf 'deb %s bookworm main\ndeb %s bookworm-updates main\ndeb %s bookworm-security main\n' \
        "$main" "$main" "$security" >"$work/sources.list"
    say "Installing Debian 12 from $main"
    # Files get the date of the newest package list, not of the build.
    epoch=$(release_date "$main")
    export SOURCE_DATE_EPOCH=${epoch:-1700000000}
    mmdebstrap --quiet --mode=root --format=directory --variant=minbase --architectures=amd64 \
        --include="$(IFS=, && echo "${DEBIAN_PACKAGES[*]}")" \
        --keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
        --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-include=/usr/share/doc/*/copyright' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-include=/usr/share/locale/locale.alias' \
        --essential-hook='mkdir -p "$1/etc/initramfs-tools/conf.d" && echo COMPRESS=zstd >"$1/etc/initramfs-tools/conf.d/berth"' \
        bookworm "$root" - <"$work/sources.list"
    rm -f "$root"/etc/initramfs-tools/conf.d/berth "$root"/etc/dpkg/dpkg.cfg.d/99mmdebstrap "$root"/etc/apt/apt.conf.d/99mmdebstrap
    configure_root "$root"
}

# Seconds of the date in bookworm's Release file on a mirror.
release_date() {
    local date
    date=$(curl -fsS --max-time 30 "$1/dists/bookworm-updates/InRelease" 2>/dev/null | sed -n 's/^Date: //p' | head -1)
    [ -z "$date" ] || date -d "$date" +%s
}

# What makes a Debian tree a cloud guest, and takes out what must differ from guest to guest.
configure_root() {
    local root=$1
    cat >"$root/etc/apt/sources.list" <<-END
	deb http://deb.debian.org/debian bookworm main
	deb http://deb.debian.org/debian bookworm-updates main
	deb http://security.debian.org/debian-security bookworm-security main
	END
    cat >"$root/etc/fstab" <<-END
	UUID=$ROOT_UUID / ext4 rw,discard,errors=remount-ro 0 1
	UUID=$ESP_UUID /boot/efi vfat umask=0077,nofail 0 0
	END
    mkdir -p "$root/boot/efi" "$root/etc/default/grub.d"
    cat >"$root/etc/default/grub.d/15_berth.cfg" <<-'END'
	GRUB_TIMEOUT=1
	GRUB_CMDLINE_LINUX="console=tty0 console=ttyS0,115200"
	GRUB_TERMINAL="console serial"
	GRUB_SERIAL_COMMAND="serial --speed=115200"
	GRUB_DISABLE_OS_PROBER=true
	END
    # With exactly one source before None, cloud-init neither searches clouds nor switches itself off without a seed.
    cat >"$root/etc/cloud/cloud.cfg.d/90_dpkg.cfg" <<-'END'
	datasource_list: [ NoCloud, None ]
	END
    cat >"$root/etc/cloud/cloud.cfg.d/91_berth.cfg" <<-'END'
	system_info:
	  network:
	    renderers: [ netplan ]
	locale: C.UTF-8
	ssh_genkeytypes: [ ed25519, ecdsa, rsa ]
	END
    echo 'LANG=C.UTF-8' >"$root/etc/default/locale"
    echo 'debian' >"$root/etc/hostname"
    printf '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n' >"$root/etc/hosts"
    ln -sfn ../run/systemd/resolve/stub-resolv.conf "$root/etc/resolv.conf"
    : >"$root/etc/machine-id"
    rm -rf "$root"/etc/ssh/ssh_host_* "$root/var/lib/dbus/machine-id" "$root/var/lib/systemd/random-seed" \
        "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin "$root"/var/log/*.log "$root"/var/log/apt "$root"/var/lib/cloud/*
    rm -f "$root"/etc/shadow- "$root"/etc/passwd- "$root"/etc/group- "$root"/etc/gshadow-
}

# Leaves the boot loader's parts in the tree's /boot/grub: boot.img, core.img, grub.efi, modules and a first configuration.
# The guest's own update-grub replaces the configuration when it gets a new kernel.
make_boot_loader() {
    local root=$1 grub=$1/boot/grub target kernel
    kernel=$(basename "$(find "$root/boot" -name 'vmlinuz-*' | sort -V | tail -1)")
    [ -n "$kernel" ] && [ -e "$root/boot/initrd.img-${kernel#vmlinuz-}" ] || die "The new system has no kernel."
    mkdir -p "$grub"
    for target in i386-pc x86_64-efi; do
        mkdir -p "$grub/$target"
        cp "$root/usr/lib/grub/$target"/*.mod "$root/usr/lib/grub/$target"/*.lst "$grub/$target/"
    done
    cp "$root/usr/lib/grub/i386-pc/boot.img" "$grub/i386-pc/boot.img"
    printf 'search.fs_uuid %s root\nset prefix=($root)/boot/grub\n' "$ROOT_UUID" >"$grub/early.cfg"
    chroot "$root" grub-mkimage -O i386-pc -p /boot/grub -c /boot/grub/early.cfg -o /boot/grub/i386-pc/core.img \
        biosdisk "${GRUB_MODULES[@]}"
    chroot "$root" grub-mkimage -O x86_64-efi -p /boot/grub -c /boot/grub/early.cfg -o /boot/grub/x86_64-efi/grub.efi \
        fat "${GRUB_MODULES[@]}"
    cat >"$grub/grub.cfg" <<-END
	set timeout=1
	serial --speed=115200
	terminal_input console serial
	terminal_output console serial
	menuentry 'Debian GNU/Linux 12' {
	    insmod gzio
	    linux /boot/$kernel root=UUID=$ROOT_UUID ro console=tty0 console=ttyS0,115200
	    initrd /boot/initrd.img-${kernel#vmlinuz-}
	}
	END
}

make_disk() {
    local root=$1 disk=$2 sectors=$((DISK_BYTES / 512))
    truncate -s "$DISK_BYTES" "$disk"
    # The last 34 sectors hold the second partition table; the root ends at a MiB before it.
    local root_sectors=$((sectors - 2048 - ROOT_AT))
    sfdisk --quiet "$disk" <<-END
	label: gpt
	label-id: $DISK_UUID
	unit: sectors
	1: start=$ROOT_AT, size=$root_sectors, type=4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709, uuid=${DISK_UUID%?}4
	14: start=$BIOS_AT, size=$BIOS_SECTORS, type=21686148-6449-6E6F-744E-656564454649, uuid=${DISK_UUID%?}5
	15: start=$ESP_AT, size=$ESP_SECTORS, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B, uuid=${DISK_UUID%?}6
	END
    install_bios_boot "$root/boot/grub/i386-pc" "$disk"
    truncate -s $((ESP_SECTORS * 512)) "$disk.esp"
    mkfs.vfat -F 16 -n EFI --invariant "$disk.esp" >/dev/null
    mmd -i "$disk.esp" ::/EFI ::/EFI/BOOT
    mcopy -i "$disk.esp" "$root/boot/grub/x86_64-efi/grub.efi" ::/EFI/BOOT/BOOTX64.EFI
    dd if="$disk.esp" of="$disk" bs=512 seek="$ESP_AT" conv=notrunc,sparse status=none
    # GRUB 2.06 reads neither of the two features; other versions of mke2fs would set them.
    E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH mke2fs -q -t ext4 -d "$root" -L root -U "$ROOT_UUID" -O '^metadata_csum_seed,^orphan_file' \
        -E "hash_seed=$HASH_SEED,offset=$((ROOT_AT * 512)),lazy_itable_init=0,lazy_journal_init=0,nodiscard" "$disk" "$((root_sectors / 2))k" >/dev/null
}

# What grub-bios-setup does on a device: boot.img into the first sector, core.img into the BIOS partition, and each told
# where the next one is.
install_bios_boot() {
    local from=$1 disk=$2 core_sectors
    core_sectors=$((($(stat -c %s "$from/core.img") + 511) / 512))
    [ "$core_sectors" -le "$BIOS_SECTORS" ] || die "GRUB's core image does not fit its partition."
    dd if="$from/boot.img" of="$disk" bs=440 count=1 conv=notrunc status=none
    put "$disk" 92 "$(little_endian "$BIOS_AT" 8)" # where core.img begins
    put "$disk" 102 '\x90\x90'                      # trust the drive number that the BIOS gives
    dd if="$from/core.img" of="$disk" bs=512 seek="$BIOS_AT" conv=notrunc status=none
    # The list of blocks at the end of its first sector: the rest of it follows at once, to be loaded at segment 0x820.
    put "$disk" $((BIOS_AT * 512 + 500)) \
        "$(little_endian $((BIOS_AT + 1)) 8)$(little_endian $((core_sectors - 1)) 2)$(little_endian $((0x820)) 2)"
}

# put FILE OFFSET ESCAPED-BYTES
# shellcheck disable=SC2059 # the bytes are given as printf's escapes
put() { printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none; }

# Escapes of a number in so many bytes, the lowest first.
little_endian() {
    local value=$1 count=$2
    for ((; count > 0; count--)); do
        printf '\\x%02x' $((value & 255))
        value=$((value >> 8))
    done
}
