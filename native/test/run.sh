#!/usr/bin/env bash
# Runs real containers with the built programs, as root; prints one line per check and fails if one does.
# usage: native/test/run.sh [GROUP ...]; without groups it runs all of them. PROGRAMS names the directory of the programs.
set -uo pipefail
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"
# shellcheck source=groups.sh
source "$(dirname "$0")/groups.sh"
# shellcheck source=faults.sh
source "$(dirname "$0")/faults.sh"
# shellcheck source=storage.sh
source "$(dirname "$0")/storage.sh"
# shellcheck source=system.sh
source "$(dirname "$0")/system.sh"
# shellcheck source=measures.sh
source "$(dirname "$0")/measures.sh"

[ "$(id -u)" = 0 ] || { echo 'error: containers need root' >&2; exit 2; }
make_root "$T/root"
for mode in app system; do "$LAUNCH" seccomp "$SOURCES/launch/$mode.allow" "$T/$mode.bpf" || exit 2; done

[ $# -gt 0 ] || set -- exits logs files privileges calls execs terminals attachments networks limits disks storage copyup changes refusals deaths many system measure
for group in "$@"; do "test_$group"; done
[ $FAILURES = 0 ] || { printf '%d checks failed\n' $FAILURES; exit 1; }
