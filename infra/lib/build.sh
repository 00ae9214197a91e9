# shellcheck shell=bash
# Building the application when its sources are newer than what was built.

# Whether any source is newer than the built application.
build_is_stale() {
    [ -e "$ROOT/target/quarkus-app/quarkus-run.jar" ] || return 0
    [ -n "$(find "$ROOT/pom.xml" "$ROOT/src/main" "$ROOT/native" -newer "$ROOT/target/quarkus-app/quarkus-run.jar" -type f -not -path '*/frontend/generated/*' -print -quit)" ]
}

# Maven without the compiler's checks, which take a minute; what it compiles is marked.
build_unchecked() {
    touch "$ROOT/target/unchecked"
    (cd "$ROOT" && mvn -B -ntp -q -Dquick -Dspotless.check.skip=true "$@")
}

build_if_needed() {
    build_is_stale || return 0
    say "Building (a few minutes the first time)"
    need_node "${XDG_CACHE_HOME:-$HOME/.cache}/berth/node"
    mkdir -p "$ROOT/target"
    if ! build_unchecked -DskipTests package >"$ROOT/target/build.log" 2>&1; then
        tail -40 "$ROOT/target/build.log" >&2
        die "The build failed; all of its output is in target/build.log."
    fi
}

# Takes back what build_unchecked compiled, which Maven would take for done.
drop_unchecked() {
    [ -e "$ROOT/target/unchecked" ] || return 0
    rm -rf "$ROOT/target/classes/dev" "$ROOT/target/test-classes/dev" "$ROOT/target/unchecked"
}
