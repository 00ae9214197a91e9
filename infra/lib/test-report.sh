#!/usr/bin/env bash
# Reads the test reports below a build directory: prints what ran, the slowest classes, and every skipped test; fails if a
# skipped test is not in infra/test-skips.txt, or if nothing ran.
#
# A line of that list is `Class#method reason`, where * stands for any method.
set -euo pipefail
build=$1
list=$(dirname "$0")/../test-skips.txt
shopt -s nullglob
failed=0
reports=("$build"/surefire-reports/TEST-*.xml "$build"/failsafe-reports/*/TEST-*.xml)
if [ ${#reports[@]} = 0 ]; then
    echo "error: no test ran" >&2
    exit 1
fi

echo
echo "Slowest test classes:"
# Not with head, which would end the script by ending the pipe.
grep -ho '<testsuite [^>]*' "${reports[@]}" |
    sed -n 's/.* name="\([^"]*\)".* time="\([0-9.]*\)".* tests="\([0-9]*\)".*/\2 s  \1 (\3 tests)/p' | sort -rn | sed -n 1,12p
echo
grep -ho '<testsuite [^>]*' "${reports[@]}" | sed 's/.* tests="\([0-9]*\)" errors="\([0-9]*\)" skipped="\([0-9]*\)" failures="\([0-9]*\)".*/\1 \2 \3 \4/' |
    awk '{t += $1; e += $2; s += $3; f += $4} END {printf "%d tests, %d failures, %d errors, %d skipped\n", t, f, e, s; exit e + f > 0}' ||
    failed=1

[ $failed = 0 ] || grep -lE '<(failure|error)[ >]' "${reports[@]}" | sed 's/.*TEST-\(.*\)\.xml/  failed in \1/'

unlisted=$(awk -v list="$list" '
    BEGIN {
        while ((getline line < list) > 0) {
            if (line ~ /^#/ || line ~ /^[ \t]*$/) continue
            split(line, words, /[ \t]+/)
            if (words[2] == "") { print "listed without a reason: " words[1] > "/dev/stderr"; continue }
            allowed[words[1]] = 1
        }
    }
    /<testcase / {
        match($0, / name="[^"]*"/); method = substr($0, RSTART + 7, RLENGTH - 8); sub(/[({].*/, "", method)
        match($0, / classname="[^"]*"/); class = substr($0, RSTART + 12, RLENGTH - 13)
    }
    /<skipped/ { if (!((class "#" method) in allowed) && !((class "#*") in allowed)) print "  " class "#" method }
' "${reports[@]}")
if [ -n "$unlisted" ]; then
    printf 'error: these tests were skipped, and infra/test-skips.txt gives no reason:\n%s\n' "$unlisted" >&2
    exit 1
fi
exit $failed
