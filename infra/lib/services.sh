# shellcheck shell=bash
# Agent and controller as services: what they run, and starting and stopping them with systemd or without it.

# Sets AGENT_COMMAND, CONTROLLER_COMMAND and CONTROLLER_ENVIRONMENT (lines NAME=value) from the layout.
service_commands() {
    local agent_options controller_options allowed
    mapfile -t agent_options < <(settings agent.jvmopts)
    mapfile -t controller_options < <(settings controller.jvmopts)
    # One arena of malloc: with one for each thread the agent would keep some 8 MiB more. And what the JVM's compiler
    # takes, 32 KiB at a time, is mapped and given back as a whole: in the arena its holes would stay, another 5 MiB.
    AGENT_COMMAND=(/usr/bin/env MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=16384
        "$JAVA_HOME/bin/java" "${agent_options[@]}" -cp "$(agent_class_path)" dev.berth.agent.AgentMain
        --state "$STATE/agent" --listen "unix:$AGENT_SOCKET" --socket-group "$BERTH_USER"
        --image-build "$ROOT/infra/image-build" --native "$APP/native" --allow-path "$STATE/import")
    # What an administrator wants of the agent of this host, one option on a line.
    mapfile -t allowed < <(lines_of "$STATE/agent.options")
    AGENT_COMMAND+=("${allowed[@]}")
    [ ! -e "$APP/controller.aot" ] || controller_options+=("-XX:AOTCache=$APP/controller.aot")
    CONTROLLER_COMMAND=("$JAVA_HOME/bin/java" "${controller_options[@]}" -jar "$APP/quarkus-run.jar")
    CONTROLLER_ENVIRONMENT=("BERTH_STATE=$STATE/controller" "BERTH_NODE_LOCAL=unix:$AGENT_SOCKET"
        "BERTH_NODE_NAME=$(hostname -s)" "QUARKUS_HTTP_PORT=$PORT" "QUARKUS_HTTP_HOST=0.0.0.0")
}

# The unit's name: plain for the default state directory, with the directory in it for any other.
unit_name() {
    if [ "$STATE" = "$DEFAULT_STATE" ]; then
        echo "berth-$1.service"
    else
        echo "berth-$1-$(systemd-escape --path "$STATE").service"
    fi
}

# Words as systemd reads them back: quoted, with its specifiers and variables escaped.
unit_words() {
    local word line=''
    for word in "$@"; do
        word=${word//\\/\\\\}
        word=${word//\"/\\\"}
        word=${word//%/%%}
        word=${word//\$/\$\$}
        line+="\"$word\" "
    done
    echo "${line% }"
}

# Prints a unit made from its template.
render_unit() {
    local service=$1 command environment='' pair text
    if [ "$service" = agent ]; then
        command=$(unit_words "${AGENT_COMMAND[@]}")
    else
        command=$(unit_words "${CONTROLLER_COMMAND[@]}")
        for pair in "${CONTROLLER_ENVIRONMENT[@]}"; do
            environment+="Environment=$(unit_words "$pair" | sed 's/\$\$/$/g')"$'\n'
        done
    fi
    text=$(<"$ROOT/infra/systemd/berth-$service.service")
    text=${text//@STATE@/"$STATE"}
    text=${text//@ROOT@/"$ROOT"}
    text=${text//@USER@/"$BERTH_USER"}
    text=${text//@AGENT_UNIT@/"$(unit_name agent)"}
    text=${text//@ENVIRONMENT@/"${environment%$'\n'}"}
    text=${text//@COMMAND@/"$command"}
    printf '%s\n' "$text"
}

# Writes a unit and starts it; restarts it when it changed.
start_unit() {
    local service=$1 unit file
    unit=$(unit_name "$service")
    file=/etc/systemd/system/$unit
    if ! render_unit "$service" | cmp -s - "$file"; then
        render_unit "$service" >"$file"
        systemctl daemon-reload
        systemctl enable -q "$unit"
        systemctl restart "$unit"
    else
        systemctl start "$unit"
    fi
}

start_agent() {
    if has_systemd; then
        start_unit agent
    elif ! runs "$RUN/agent.pid" dev.berth.agent.AgentMain; then
        say "Starting the agent"
        start_daemon agent root "$RUN" "$STATE/log/agent.log" "${AGENT_COMMAND[@]}"
    fi
    wait_for 60 "the agent (see $STATE/log/agent.log)" test -S "$AGENT_SOCKET"
}

start_controller() {
    if has_systemd; then
        start_unit controller
    elif ! runs "$RUN/controller.pid" quarkus-run.jar; then
        say "Starting the controller"
        start_daemon controller "$BERTH_USER" "$RUN" "$STATE/log/controller.log" \
            env "${CONTROLLER_ENVIRONMENT[@]}" "${CONTROLLER_COMMAND[@]}"
    fi
    wait_for 120 "the controller (see $STATE/log/controller.log)" ready
}

ready() { curl --noproxy '*' -fsS --max-time 5 "http://127.0.0.1:$PORT/q/health/ready"; }

# Stops both; guests go on.
stop_services() {
    if has_systemd; then
        systemctl stop "$(unit_name controller)" "$(unit_name agent)" 2>/dev/null || true
    fi
    stop_daemon controller "$RUN" quarkus-run.jar
    stop_postgres
    stop_daemon agent "$RUN" dev.berth.agent.AgentMain
}

# The controller ends its database; after a kill -9 of the controller it would stay.
stop_postgres() {
    local pid
    pid=$(head -1 "$STATE/controller/postgres/data/postmaster.pid" 2>/dev/null) || return 0
    if [ -n "$pid" ] && grep -qF postgres "/proc/$pid/cmdline" 2>/dev/null; then kill -INT "$pid" 2>/dev/null || true; fi
}

# Removes the units of this installation.
remove_units() {
    has_systemd || return 0
    local service unit
    for service in controller agent; do
        unit=$(unit_name "$service")
        systemctl disable -q --now "$unit" 2>/dev/null || true
        rm -f "/etc/systemd/system/$unit"
    done
    systemctl daemon-reload
}
