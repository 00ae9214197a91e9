# shellcheck shell=bash
# What Debian offers for containers, each on a private directory, to measure Berth beside it in one run. Nothing of an
# existing Docker or LXD is touched; everything is taken back by peers_down.
# shellcheck disable=SC2034 # used by the scripts that source this

PEER_PACKAGES=(docker.io lxd lxd-client)
BENCH_PACKAGES=(docker-registry skopeo lxc)
PEER_BRIDGE=bbpeer0
PEER_SUBNET=10.251.9.1/24

# Starts the peers whose packages are installed, and exports what the benchmark needs to reach them.
peers_up() {
    # Containers of other users have to get through to their files.
    PEERS=$(mktemp -d /var/tmp/berth-peers.XXXXXX)
    chmod 755 "$PEERS"
    trap peers_down EXIT
    ip link add "$PEER_BRIDGE" type bridge
    ip address add "$PEER_SUBNET" dev "$PEER_BRIDGE"
    ip link set "$PEER_BRIDGE" up
    export BERTH_PEER_BRIDGE=$PEER_BRIDGE BERTH_PEER_DIRECTORY=$PEERS
    if command -v dockerd >/dev/null; then docker_up; fi
    if command -v lxd >/dev/null; then lxd_up; fi
}

docker_up() {
    local dir=$PEERS/docker
    mkdir "$dir"
    printf 'version = 2\nroot = "%s/root"\nstate = "%s/state"\n' "$dir" "$dir" >"$dir/containerd.toml"
    setsid tini -s -- containerd --config "$dir/containerd.toml" --address "$dir/containerd.sock" \
        </dev/null >"$dir/containerd.log" 2>&1 &
    PEER_PIDS+=($!)
    wait_for 20 "containerd" test -S "$dir/containerd.sock"
    setsid tini -s -- dockerd --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/pid" --host "unix://$dir/docker.sock" \
        --containerd "$dir/containerd.sock" --bridge "$PEER_BRIDGE" --iptables=false --ip6tables=false \
        --insecure-registry 127.0.0.0/8 </dev/null >"$dir/dockerd.log" 2>&1 &
    PEER_PIDS+=($!)
    export DOCKER_HOST=unix://$dir/docker.sock DOCKER_CONFIG=$dir
    wait_for 30 "dockerd" docker info
    export BERTH_PEER_DOCKER=$dir/data
}

lxd_up() {
    export LXD_DIR=$PEERS/lxd
    install -d -m 711 "$LXD_DIR"
    grep -q '^root:' /etc/subuid || warn "root has no range in /etc/subuid; LXD will not start containers."
    setsid tini -s -- lxd --group root </dev/null >"$PEERS/lxd.log" 2>&1 &
    PEER_PIDS+=($!)
    wait_for 30 "lxd" lxd waitready --timeout=25
    lxc -q storage create default dir
    lxc -q profile device add default root disk path=/ pool=default
    lxc -q profile device add default eth0 nic nictype=bridged parent="$PEER_BRIDGE"
    export BERTH_PEER_LXD=$LXD_DIR
}

peers_down() {
    local pid name i
    if [ -n "${BERTH_PEER_LXD:-}" ]; then
        for name in $(lxc list --format csv --columns n 2>/dev/null); do lxc -q delete --force "$name" || true; done
    fi
    if [ -n "${BERTH_PEER_DOCKER:-}" ]; then
        # shellcheck disable=SC2046 # ids are words
        docker rm --force $(docker ps --all --quiet) >/dev/null 2>&1 || true
    fi
    # The latest first: dockerd before the containerd that it needs.
    for ((i = ${#PEER_PIDS[@]} - 1; i >= 0; i--)); do
        pid=${PEER_PIDS[i]}
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    ip link delete "$PEER_BRIDGE" 2>/dev/null || true
    awk -v dir="$PEERS/" 'index($5, dir) == 1 {print $5}' /proc/self/mountinfo | sort -r | while read -r name; do
        umount "$name" || true
    done
    rm -rf "$PEERS"
}
PEER_PIDS=()
