#!/bin/sh
# Runs every test: all of them as whoever calls, and when that is root, the ones that start boxes once more as `nobody`,
# then the library's examples, and the others in both isolation modes. Keeps logs, which .ci/run counts.
# Usage: scripts/test.sh [FILTER]     FILTER as `swift test --filter` has it
set -eu

cd "$(dirname "$0")/.."
umask 022
export NO_COLOR=1
logs=${AGENTBOUND_TEST_LOGS:-$PWD/.build-test/logs}
nobody="setpriv --reuid nobody --regid nogroup --clear-groups --inh-caps=-all"

# Root's tests act as `nobody` too, to whom a checkout below a closed home is a closed door: then a copy is tested.
if [ "$(id -u)" = 0 ] && ! $nobody test -r "$PWD/Package.swift"; then
    open=$(mktemp -d /tmp/agentbound-checkout-XXXXXX)
    trap 'rm -rf "$open"' EXIT
    tar --exclude='./.build*' --exclude='./.venv*' --exclude=./.git -cf - . | tar -xf - -C "$open"
    chmod -R a+rX "$open"
    AGENTBOUND_TEST_LOGS=$logs "$open/scripts/test.sh" "$@"
    exit
fi

rm -rf "$logs"
scripts/build-tests.sh
mkdir -p "$logs"
# Real servers from PyPI and in other languages, which their tests start.
Tests/RealServers/setup.sh

failures=0
# Runs one part, shows it and keeps it. Its exit code goes through a file: a pipe would lose it.
part() { # NAME COMMAND...
    name=$1
    shift
    echo "== $name"
    # Without the lines that only say what begins; some arguments are long.
    { code=0; "$@" 2>&1 || code=$?; echo "$code" >"$logs/$name.code"; } |
        sed -u -e '/^◇ /d' -e 's/^\(.\{400\}\).*/\1/' | tee "$logs/$name.log"
    [ "$(cat "$logs/$name.code")" = 0 ] || { failures=$((failures + 1)); echo "== $name failed" >&2; }
}

bundle=$PWD/.build-test/debug/agentboundPackageTests.xctest
part "tests-$(id -un)" "$bundle" --testing-library swift-testing ${1:+--filter "$1"}

if [ "$(id -u)" = 0 ]; then
    home=$(mktemp -d /tmp/agentbound-home-XXXXXX)
    chown nobody: "$home"
    part tests-as-nobody $nobody env HOME="$home" "$bundle" --testing-library swift-testing \
        --filter "${1:-IntegrationTests}"
    rm -rf "$home"
fi

if [ -z "${1:-}" ]; then
    # What docs/library.md shows compiles and runs.
    # New files of a package that is named by its path are seen only when the plan is made anew.
    touch examples/library/Package.swift
    part library swift run --package-path examples/library --scratch-path "$PWD/.build-test/library"
    if [ "$(id -u)" = 0 ]; then
        part library-as-nobody $nobody "$PWD/.build-test/library/debug/LibraryExample"
    fi
    for mode in namespaces plain; do
        part "examples-$mode" env AGENTBOUND="$PWD/.build-test/debug/agentbound" examples/run.sh --isolation "$mode"
    done
fi

[ "$failures" = 0 ] || { echo "$failures parts failed" >&2; exit 1; }
