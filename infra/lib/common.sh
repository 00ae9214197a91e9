# shellcheck shell=bash
# What the infra scripts share: finding or installing tools, and saying what happens.
# shellcheck disable=SC2034 # used by the scripts that source this

say() { printf '\033[1m%s\033[0m\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Major version of the JDK at a home directory, or 0.
jdk_major() {
    local version
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null)
    echo "${version:-0}"
}

# Sets JAVA_HOME to a JDK of version 21 or later: the given one, one under /usr/lib/jvm, or one from apt.
need_jdk() {
    local home best='' major=20
    for home in ${JAVA_HOME:+"$JAVA_HOME"} /usr/lib/jvm/* /opt/*jdk*; do
        if [ -x "$home/bin/javac" ] && [ "$(jdk_major "$home")" -gt "$major" ]; then
            best=$home
            major=$(jdk_major "$home")
        fi
    done
    if [ -z "$best" ]; then
        local package
        for package in openjdk-25-jdk-headless openjdk-21-jdk-headless; do
            if apt-cache show "$package" >/dev/null 2>&1; then
                apt_install "$package"
                need_jdk
                return
            fi
        done
        fetch_jdk
        need_jdk
        return
    fi
    export JAVA_HOME=$best
}

# Debian 12 has no JDK 21: Temurin's, from Eclipse Adoptium, checked against the digest that its API names.
ADOPTIUM=${ADOPTIUM:-https://api.adoptium.net}
fetch_jdk() {
    local arch answer link digest archive
    case $(uname -m) in
    x86_64) arch=x64 ;;
    aarch64) arch=aarch64 ;;
    *) die "There is no JDK to fetch for $(uname -m); unpack a JDK 21 or later under /usr/lib/jvm and run this again." ;;
    esac
    say "Fetching a JDK from Eclipse Adoptium"
    answer=$(curl -fsSL --max-time 60 "$ADOPTIUM/v3/assets/latest/25/hotspot?os=linux&architecture=$arch&image_type=jdk") ||
        die "No JDK 21 or later was found, Debian has none to install, and $ADOPTIUM does not answer. Unpack one under /usr/lib/jvm and run this again."
    answer=$(tr -d '\n' <<<"$answer" | sed 's/.*"package" *: *{\([^}]*\)}.*/\1/')
    link=$(sed -n 's/.*"link" *: *"\([^"]*\)".*/\1/p' <<<"$answer")
    digest=$(sed -n 's/.*"checksum" *: *"\([0-9a-f]\{64\}\)".*/\1/p' <<<"$answer")
    [ -n "$link" ] && [ -n "$digest" ] || die "$ADOPTIUM named no JDK; unpack one under /usr/lib/jvm and run this again."
    archive=$(mktemp)
    curl -fL --progress-bar --max-time 1800 -o "$archive" "$link"
    sha256sum --quiet -c - <<<"$digest  $archive" || die "The JDK that was fetched from $link is damaged; run this again."
    mkdir -p /usr/lib/jvm/berth-jdk
    tar -xzf "$archive" -C /usr/lib/jvm/berth-jdk --strip-components=1
    rm -f "$archive"
}

# Installs those of the named packages that are missing.
apt_install() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    [ "$(id -u)" = 0 ] || die "These packages are missing, and only root can install them: ${missing[*]}"
    say "Installing ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

RUNTIME_PACKAGES=(libvirt-daemon-system libvirt-daemon libvirt-daemon-driver-qemu libvirt-clients qemu-system-x86 qemu-utils
    ovmf nftables libnftables1 dnsmasq-base iproute2 tini genisoimage busybox-static xz-utils zstd cpio e2fsprogs mmdebstrap fdisk
    procps util-linux ca-certificates curl libarchive13 liblxc1)
# The container programs of native/ are built from C.
BUILD_PACKAGES=(maven git gcc make libc6-dev lxc-dev libseccomp-dev libarchive-dev)
TEST_PACKAGES=(chromium fonts-dejavu-core libvirt-dev clang-format python3 lxc acl
    docker-registry skopeo)

# Puts Node 24 first on PATH; Vaadin 25 builds the frontend with it. Debian's is too old, so it comes from npm.
need_node() {
    local dir=$1 major
    major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/' || true)
    if [ "${major:-0}" -lt 24 ]; then
        if [ ! -x "$dir/bin/node" ]; then
            command -v npm >/dev/null || apt_install npm
            say "Fetching Node 24 from npm"
            npm install --silent --no-fund --no-audit -g --prefix "$dir" node@24 npm@11 >/dev/null
        fi
        PATH=$dir/bin:$PATH
        export PATH
    fi
}
