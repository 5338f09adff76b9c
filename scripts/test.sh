#!/bin/sh
# Runs every test: all of them as whoever calls, and when that is root, the ones that start boxes once more as `nobody`,
# then the library's examples, and the others in both isolation modes. Keeps logs, which .ci/run counts.
# Usage: [AGENTBOUND_BIN=FILE] scripts/test.sh [FILTER]     FILTER as `swift test --filter` has it
# AGENTBOUND_BIN is the executable to test; without it the one without optimisation that is built with the tests.
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

# Somebody's mistake as root on this machine would look like hundreds of ours.
for device in null zero urandom; do
    [ -c /dev/$device ] && [ "$(stat -c %a /dev/$device)" = 666 ] ||
        { echo "test.sh: /dev/$device is no device that everybody may use; chmod 666 /dev/$device" >&2; exit 71; }
done

rm -rf "$logs"
scripts/build-tests.sh
mkdir -p "$logs"

AGENTBOUND_BIN=${AGENTBOUND_BIN:-$PWD/.build-test/debug/agentbound}
export AGENTBOUND_BIN

# Runs one part, shows it and keeps it. Its exit code goes through a file: a pipe would lose it.
part() { # NAME COMMAND...
    name=$1
    shift
    echo "== $name"
    # Without the lines that only say what begins; some arguments are long. What runs beside others says which part it is.
    { code=0; "$@" 2>&1 || code=$?; echo "$code" >"$logs/$name.code"; } |
        sed -u -e '/^◇ /d' -e 's/^\(.\{400\}\).*/\1/' | tee "$logs/$name.log" | sed -u "s/^/$name: /"
    [ "$(cat "$logs/$name.code")" = 0 ] || echo "== $name failed" >&2
}

# Most tests that start boxes wait for something, two at a time on two processors. So the parts run side by side.
tests="$PWD/.build-test/debug/agentboundPackageTests.xctest --testing-library swift-testing"
[ -n "${1:-}" ] || part "tests-$(id -un)-units" $tests --skip '^IntegrationTests' &
# Real servers from PyPI and in other languages, which the tests that start boxes start.
Tests/RealServers/setup.sh
if [ -n "${1:-}" ]; then
    part "tests-$(id -un)" $tests --filter "$1" &
else
    part "tests-$(id -un)-boxes-1" $tests --filter '^IntegrationTests\.[A-L]' &
    part "tests-$(id -un)-boxes-2" $tests --filter '^IntegrationTests\.[M-Z]' &
fi
if [ "$(id -u)" = 0 ]; then
    home=$(mktemp -d /tmp/agentbound-home-XXXXXX)
    chown nobody: "$home"
    part tests-as-nobody $nobody env HOME="$home" $tests --filter "${1:-^IntegrationTests}" &
fi
wait
[ -z "${home:-}" ] || rm -rf "$home"

if [ -z "${1:-}" ]; then
    # What docs/library.md shows compiles and runs.
    # New files of a package that is named by its path are seen only when the plan is made anew.
    touch examples/library/Package.swift
    part library swift run --package-path examples/library --scratch-path "$PWD/.build-test/library"
    if [ "$(id -u)" = 0 ]; then
        part library-as-nobody $nobody "$PWD/.build-test/library/debug/LibraryExample"
    fi
    for mode in namespaces plain; do
        part "examples-$mode" env AGENTBOUND="$AGENTBOUND_BIN" examples/run.sh --isolation "$mode"
    done
fi

failures=$(cat "$logs"/*.code | grep -vcx 0 || true)
[ "$failures" = 0 ] || { echo "$failures parts failed" >&2; exit 1; }
