#!/bin/sh
# Runs every test: all of them as whoever calls, and when that is root, the ones that start boxes once more as `nobody`,
# then the examples in both isolation modes. Writes logs to .build-test/logs, which .ci/run counts.
# Usage: scripts/test.sh [FILTER]     FILTER as `swift test --filter` has it
set -eu

cd "$(dirname "$0")/.."
umask 022
export NO_COLOR=1
logs=$PWD/.build-test/logs
rm -rf "$logs"
scripts/build-tests.sh
mkdir -p "$logs"
# Real servers from PyPI, npm and elsewhere, which their tests start.
[ ! -x Tests/RealServers/setup.sh ] || Tests/RealServers/setup.sh

failures=0
# Runs one part, shows it and keeps it. Its exit code goes through a file: a pipe would lose it.
part() { # NAME COMMAND...
    name=$1
    shift
    echo "== $name"
    # Without the lines that only say what begins; some arguments are long.
    { "$@" 2>&1; echo $? >"$logs/$name.code"; } | grep -av '^◇ ' | cut -c 1-400 | tee "$logs/$name.log"
    [ "$(cat "$logs/$name.code")" = 0 ] || { failures=$((failures + 1)); echo "== $name failed" >&2; }
}

products=$PWD/.build-test/debug
bundle=agentboundPackageTests.xctest
part "tests-$(id -un)" "$products/$bundle" --testing-library swift-testing ${1:+--filter "$1"}

if [ "$(id -u)" = 0 ]; then
    nobody="setpriv --reuid nobody --regid nogroup --clear-groups --inh-caps=-all"
    # A checkout below a closed home is a closed door to nobody: the products are looked for where they can be read.
    if ! $nobody test -r "$products/$bundle"; then
        open=$(mktemp -d /tmp/agentbound-test-XXXXXX)
        trap 'rm -rf "$open"' EXIT
        cp "$products/agentbound" "$products/Victim" "$products/$bundle" "$open"
        chmod -R a+rX "$open"
        export AGENTBOUND_MANIFESTS="$PWD/manifests"
        products=$open
    fi
    home=$(mktemp -d /tmp/agentbound-home-XXXXXX)
    chown nobody: "$home"
    part tests-as-nobody $nobody env HOME="$home" TMPDIR=/tmp "$products/$bundle" --testing-library swift-testing \
        --filter "${1:-IntegrationTests}"
    rm -rf "$home"
fi

if [ -z "${1:-}" ]; then
    # The library's examples stand in docs/library.md: what is shown there compiles and runs.
    part library swift run --package-path examples/library --scratch-path .build-test/library
    for mode in namespaces plain; do
        part "examples-$mode" env AGENTBOUND="$PWD/.build-test/debug/agentbound" examples/run.sh --isolation "$mode"
    done
fi

[ "$failures" = 0 ] || { echo "$failures parts failed" >&2; exit 1; }
