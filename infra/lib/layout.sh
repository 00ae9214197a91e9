# shellcheck shell=bash
# Where everything is, from the options --state and --port. Sets STATE, PORT, RUN, AGENT_SOCKET, BUILT, PROGRAMS, APP.
# shellcheck disable=SC2034 # used by the scripts that source this

DEFAULT_STATE=/var/lib/berth
DEFAULT_PORT=8484

# The controller's user; it never is root.
BERTH_USER=berth

layout() {
    STATE=$(realpath -m "$1")
    PORT=$2
    RUN=$STATE/run
    AGENT_SOCKET=$RUN/agent.sock
    BUILT=$ROOT/target/quarkus-app
    PROGRAMS=$ROOT/target/native
    APP=$STATE/app
}

# The lines of a file of settings that are no comments; none of one that is not there.
lines_of() { [ ! -e "$1" ] || grep -v '^[[:space:]]*\(#\|$\)' "$1" || true; }

# The lines of a file of our own settings.
settings() { lines_of "$ROOT/infra/lib/$1"; }

# Only what the agent uses: every jar on a class path costs memory as soon as something is searched on it.
agent_class_path() {
    local pattern jars=()
    while read -r pattern; do
        # shellcheck disable=SC2206 # a pattern, to be expanded
        jars+=("$APP"/$pattern)
    done < <(settings agent.jars)
    (
        IFS=:
        echo "${jars[*]}"
    )
}

# Calls the API as the admin: api METHOD PATH [BODY]
api() {
    local method=$1 path=$2
    local args=(-sS -X "$method" -H "Authorization: Bearer $(cat "$STATE/controller/admin-token")" -H 'Content-Type: application/json')
    [ $# -lt 3 ] || args+=(-d "$3")
    curl --noproxy '*' --max-time 600 "${args[@]}" "http://127.0.0.1:$PORT$path"
}
