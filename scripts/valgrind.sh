#!/bin/sh
# The product's C under valgrind's memcheck: every function with real arguments, and the child between fork and exec.
# valgrind 3.19 does not know some newer calls; what rests on them is told ENOSYS and left at that.
set -eu

cd "$(dirname "$0")/.."
program=$(mktemp /tmp/agentbound-driver-XXXXXX)
trap 'rm -f "$program"' EXIT
gcc -D_GNU_SOURCE -Wall -Wextra -Werror -g -O1 -ISources/CChildLaunch/include -ISources/CLinuxShims/include \
    -o "$program" Tests/CParts/driver.c Sources/CChildLaunch/*.c Sources/CLinuxShims/*.c -lpthread
"$program"
valgrind -q --error-exitcode=99 --leak-check=full --show-leak-kinds=all --errors-for-leak-kinds=definite,indirect,possible \
    --track-origins=yes --suppressions=Tests/CParts/valgrind.supp "$program" 2>&1 | grep -vE 'unhandled .* syscall|You may be able to write|README_MISSING|consider this a bug|bug_reports' >"$program.log" || true
cat "$program.log"
faults=$(grep -cE '^==[0-9]+== .*(uninitialised|Invalid|lost|overlap)' "$program.log" || true)
failed=$(grep -c '^failed' "$program.log" || true)
rm -f "$program.log"
echo "valgrind: $faults faults, $failed checks failed"
[ "$faults" = 0 ] && [ "$failed" = 0 ]
