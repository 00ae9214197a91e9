#!/usr/bin/env bash
# Makes the controller's start-up cache, once for each build and JDK. It runs the controller with an agent of the fake driver,
# uses it as programs and browsers do, and has the JVM keep in APP/controller.aot which classes it loaded and how its methods
# ran (JEP 483, 514, 515; JDK 25 and later). Starts then take a third of the time, and what is used often is compiled
# early. Without the cache everything works the same, so a failure here is a warning.
#
#   infra/lib/startup-cache.sh APP [USER]      the controller runs as USER, or as the caller
set -euo pipefail
ROOT=$(realpath "$(dirname "$0")/../..")
for part in common processes layout; do
    # shellcheck source=/dev/null
    source "$ROOT/infra/lib/$part.sh"
done
APP=$(realpath "$1")
user=${2:-$(id -un)}
cache=$APP/controller.aot
need_jdk

# A JVM takes only what was made by itself from these very files. What could not be made is not tried again either.
tried() { [ "$cache.jdk" -nt "$APP/quarkus-run.jar" ] && cmp -s "$JAVA_HOME/release" "$cache.jdk"; }

if tried; then exit 0; fi
# Also for a JDK that could not even be started with one.
rm -f "$cache" "$cache.jdk"
[ "$(jdk_major "$JAVA_HOME")" -ge 25 ] || exit 0
say "Preparing fast starts of the controller"
work=$(mktemp -d)
log=$work/log
# The JVM writes the cache while it ends, and the controller ends its database.
end_controller() { stop_daemon controller "$work" quarkus-run.jar 180; }
finish() {
    end_controller
    stop_daemon agent "$work" dev.berth.agent.AgentMain
    rm -rf "$work"
}
trap finish EXIT
touch "$log"
install -d -o "$user" "$work/state"
chmod 755 "$work"
give_up() {
    warn "Starts of the controller will take longer: $1"
    tail -5 "$log" >&2
    install -m 644 "$JAVA_HOME/release" "$cache.jdk"
    exit 0
}

# Nothing of the caller's settings reaches them, least of all the database of an installation.
cd "$work"
begin() {
    local name=$1 options
    shift
    mapfile -t options < <(settings "$name.jvmopts")
    start_daemon "$name" "$user" "$work" "$log" env -i "PATH=$PATH" "BERTH_STATE=$work/state" \
        "BERTH_NODE_LOCAL=unix:$work/state/agent.sock" QUARKUS_HTTP_HOST=127.0.0.1 QUARKUS_HTTP_PORT=0 \
        "$JAVA_HOME/bin/java" "${options[@]}" "$@"
}
begin agent -cp "$(agent_class_path)" dev.berth.agent.AgentMain --fake --state "$work/state" --listen "unix:$work/state/agent.sock"
begin controller "-XX:AOTCacheOutput=$work/state/cache" -jar "$APP/quarkus-run.jar"

refused=''
ask() {
    local method=$1 path=$2
    shift 2
    curl --noproxy '*' -fsS --max-time 60 -o "$work/answer" -X "$method" -H "Authorization: Bearer $token" \
        -H 'Content-Type: application/json' "$@" "$url$path" 2>>"$log" ||
        refused="$method $path"
}
listens() { url=$(sed -n 's/.*Listening on: \(http:[^ ]*\).*/\1/p' "$log") && [ -n "$url" ]; }
is_ready() { listens && curl --noproxy '*' -fsS --max-time 5 "$url/q/health/ready"; }
has_come_or_gone() { is_ready || [ ! -d "/proc/$(<"$work/controller.pid")" ]; }
(wait_for 120 "the controller" has_come_or_gone) 2>/dev/null || true
is_ready >/dev/null 2>&1 || give_up "the controller was not ready when it was tried"
token=$(<"$work/state/admin-token")

use() {
    local instances=/api/v1/projects/default/instances i
    for ((i = 0; i < 25; i++)); do
        ask POST "$instances?wait=30s" -d "{\"name\":\"trained-$i\",\"kind\":\"container\",\"image\":\"trained\",\"start\":true}"
        ask GET "$instances?limit=100"
        ask GET "$instances?limit=100&filter=state%3Drunning"
        ask GET "$instances/trained-$i"
        ask POST "$instances/trained-$i/exec" -d '{"command":["true"]}'
        ask GET /api/v1/inventory
        ask GET "/?v-r=init&location=login&query="
        if ((i % 2)); then ask DELETE "$instances/trained-$i?force=true&wait=30s"; fi
    done
    # What is done most often, as often as it takes for it to be known well.
    for ((i = 0; i < 75; i++)); do
        ask POST "$instances?wait=30s" -d '{"name":"often","kind":"container","image":"trained","start":true}'
        ask DELETE "$instances/often?force=true&wait=30s"
    done
}
use
[ -z "$refused" ] || give_up "the controller refused $refused when it was tried"

end_controller
[ -s "$work/state/cache" ] || give_up "the JVM wrote no cache"
install -m 644 "$work/state/cache" "$cache"
install -m 644 "$JAVA_HOME/release" "$cache.jdk"
