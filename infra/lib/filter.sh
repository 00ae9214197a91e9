# shellcheck shell=bash
# The agent's tables of the packet filter.

# The name of an agent's tables: "berth", or for another state directory with a number made of it as java.lang.String.hashCode does.
filter_tables() {
    local state=$1 hash=0 i
    if [ "$state" = "$DEFAULT_STATE/agent" ]; then
        echo berth
        return
    fi
    for ((i = 0; i < ${#state}; i++)); do
        hash=$(((hash * 31 + $(printf '%d' "'${state:i:1}")) & 0xffffffff))
    done
    printf 'berth_%x\n' "$hash"
}

# Removes the tables of an agent; instances that still run are neither guarded nor published then.
remove_filter() {
    local table family
    table=$(filter_tables "$1")
    for family in inet bridge; do
        nft delete table "$family" "$table" 2>/dev/null || true
    done
}

# Removes what let a network through a FORWARD chain that drops.
remove_forwarding() {
    local handle
    # There is no such chain where nothing but nftables filters.
    { nft -a list chain ip filter FORWARD 2>/dev/null || true; } |
        sed -n "s/^[[:space:]]*[io]ifname \"$1\" counter .* accept # handle \([0-9]*\)$/\1/p" |
        while read -r handle; do
            nft delete rule ip filter FORWARD handle "$handle"
        done
}
