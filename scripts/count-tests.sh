#!/bin/sh
# Prints how many tests ran, failed and were skipped, and why those were; at the end what failed, and where.
# Usage: scripts/count-tests.sh FOLDER-OF-LOGS LIMIT-FILE
# Fails when more were skipped than the limit file's first number, or when nothing ran.
set -eu

logs=$1
limit=$(sed -n 's/^\([0-9][0-9]*\).*/\1/p' "$2" | head -n 1)
lines() { cat "$logs"/tests-*.log | sed 's/\x1b\[[0-9;]*m//g; s/^[^[:alnum:]]*//' | grep -E "$1" || true; }

# Lines that Swift Testing writes: `Test "name" passed after ...`, `... failed after ...`, `Test name() skipped: "why"`,
# `... skipped.`; the word may stand in a name as well.
passed=$(lines '^Test .* passed after' | grep -vc '^Test run with' || true)
failed=$(lines '^Test .* failed after' | grep -vc '^Test run with' || true)
skipped=$(lines '^Test .* skipped[.:]' | wc -l)
echo "tests: $passed passed, $failed failed, $skipped skipped (limit $limit)"
lines '^(Test|Suite) .* skipped[.:]' | sort | uniq -c

# Whoever reads the end of a long log needs no more than this. Values that fill lines say little.
grep -aE '✘ Test .* recorded an issue|^[^ ]*Fatal error|failed with' "$logs"/*.log | sed 's|.*/||' | cut -c1-300 | head -n 60 || true

if [ "$passed" = 0 ]; then echo "tests: none ran" >&2; exit 1; fi
if [ "$skipped" -gt "$limit" ]; then echo "tests: more were skipped than $2 allows" >&2; exit 1; fi
