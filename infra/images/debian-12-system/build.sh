# shellcheck shell=bash
# shellcheck source-path=SCRIPTDIR/../..
# The debian-12-system image: Debian with systemd as an unprivileged system container, without a kernel.

SYSTEM_PACKAGES=(systemd-sysv systemd-resolved libnss-myhostname dbus libpam-systemd iproute2 iputils-ping netbase
    ca-certificates less nano procps sudo tzdata)
# What belongs to a host, not to a container: mounts that need its privileges, hardware, consoles that are not there.
SYSTEM_MASKED=(sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount dev-hugepages.mount
    proc-sys-fs-binfmt_misc.automount systemd-modules-load.service systemd-udevd.service systemd-udev-trigger.service
    systemd-timesyncd.service systemd-journald-audit.socket systemd-networkd-wait-online.service)

build() {
    local work=$1 out=$2 root=$1/root
    apt_install mmdebstrap debian-archive-keyring
    bootstrap "$work" "$root"
    configure_system "$root"
    pack_root "$root" "$out"
    cat >"$out/image.json.new" <<-'END'
	{"name":"debian-12-system","config":{"Cmd":["/sbin/init"],"StopSignal":"SIGRTMIN+3",
	 "Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin","container=lxc"]}}
	END
    mv "$out/image.json.new" "$out/image.json"
}

bootstrap() {
    local work=$1 root=$2 main security
    main=$(mirror Debian http://deb.debian.org/debian)
    security=$(mirror Debian-Security http://deb.debian.org/debian-security)
    printf 'deb %s bookworm main\ndeb %s bookworm-updates main\ndeb %s bookworm-security main\n' \
        "$main" "$main" "$security" >"$work/sources.list"
    say "Installing Debian 12 from $main"
    SOURCE_DATE_EPOCH=1700000000 mmdebstrap --quiet --mode=root --format=directory --variant=minbase --architectures=amd64 \
        --include="$(IFS=, && echo "${SYSTEM_PACKAGES[*]}")" \
        --keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
        --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-include=/usr/share/doc/*/copyright' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-include=/usr/share/locale/locale.alias' \
        bookworm "$root" - <"$work/sources.list"
    rm -f "$root"/etc/dpkg/dpkg.cfg.d/99mmdebstrap "$root"/etc/apt/apt.conf.d/99mmdebstrap
}

configure_system() {
    local root=$1 unit
    cat >"$root/etc/apt/sources.list" <<-END
	deb http://deb.debian.org/debian bookworm main
	deb http://deb.debian.org/debian bookworm-updates main
	deb http://security.debian.org/debian-security bookworm-security main
	END
    cat >"$root/etc/systemd/network/10-berth.network" <<-'END'
	[Match]
	Name=eth*

	[Network]
	DHCP=ipv4
	LinkLocalAddressing=no

	[DHCPv4]
	UseDomains=yes
	ClientIdentifier=mac
	END
    systemctl --root="$root" enable systemd-networkd.service systemd-resolved.service >/dev/null 2>&1
    systemctl --root="$root" set-default multi-user.target >/dev/null 2>&1
    for unit in "${SYSTEM_MASKED[@]}"; do
        ln -sf /dev/null "$root/etc/systemd/system/$unit"
    done
    ln -sfn ../run/systemd/resolve/stub-resolv.conf "$root/etc/resolv.conf"
    echo 'LANG=C.UTF-8' >"$root/etc/default/locale"
    echo 'debian' >"$root/etc/hostname"
    printf '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n' >"$root/etc/hosts"
    : >"$root/etc/machine-id"
    # The console asks for a name; who may open it is decided by the panel, so it needs no password of its own.
    passwd --root "$root" --delete root >/dev/null 2>&1
    rm -rf "$root"/var/lib/dbus/machine-id "$root"/var/lib/systemd/random-seed "$root"/var/lib/apt/lists/* \
        "$root"/var/cache/apt/*.bin "$root"/var/log/*.log "$root"/var/log/apt "$root"/etc/{passwd,shadow,group,gshadow}-
}
