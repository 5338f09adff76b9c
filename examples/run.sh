#!/bin/sh
# Runs the examples and checks what they do.
# Usage: examples/run.sh [--isolation MODE] [notes] [links] [hostile]     MODE: auto, namespaces, plain
# AGENTBOUND names the executable; else the one that `make build` or `swift build` made, else the one in PATH.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
mode=auto
if [ "${1:-}" = --isolation ]; then mode=$2; shift 2; fi
[ $# -gt 0 ] || set -- notes links hostile

if [ -z "${AGENTBOUND:-}" ]; then
    for candidate in "$here/../.build-static/release/agentbound" "$here/../.build/debug/agentbound" agentbound; do
        AGENTBOUND=$(command -v "$candidate") && break
    done
fi
[ -n "${AGENTBOUND:-}" ] || { echo "examples: no agentbound here; \`make build\` makes it" >&2; exit 69; }

python=/usr/bin/python3
work=$(mktemp -d /tmp/agentbound-example-XXXXXX)
services=
finish() {
    for service in $services; do kill "$service" 2>/dev/null || true; done
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# A home with something to steal; the real one is not touched.
mkdir -p "$work/home/.ssh"
echo "THE-KEY" >"$work/home/.ssh/id_ed25519"
echo "# as it was" >"$work/home/.bashrc"
export HOME="$work/home" API_TOKEN=THE-TOKEN
failures=0

serve() { # ROLE PORT
    "$python" "$here/service.py" "$1" "$2" >"$work/$1.log" 2>&1 &
    services="$services $!"
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        grep -qs ready "$work/$1.log" && return
        sleep 0.1
    done
    echo "examples: port $2 is taken" >&2
    exit 69
}

title() { printf '\n== %s\n' "$1"; }

box() { # EXAMPLE [OPTION...]: the launcher's command line, up to the server's command
    example=$1
    shift
    "$python" "$here/ask.py" "$@" 2>&1 | tee "$work/$example.txt" || true
}

expect() { # EXAMPLE TEXT
    grep -qF -- "$2" "$work/$1.txt" || { echo "examples: $1: expected: $2" >&2; failures=$((failures + 1)); }
}

refuse() { # EXAMPLE TEXT
    if grep -qF -- "$2" "$work/$1.txt"; then echo "examples: $1: unexpected: $2" >&2; failures=$((failures + 1)); fi
}

notes() {
    title "notes: a server that reads one folder"
    cd "$here/notes"
    box notes list_notes 'read_note={"name": "week.txt"}' "read_note={\"name\": \"$HOME/.ssh/id_ed25519\"}" -- \
        "$AGENTBOUND" run manifest.json --isolation "$mode" --yes --no-audit --explain --read-path notes -- \
        "$python" server.py notes
    expect notes "Monday: call the plumber."
    refuse notes "THE-KEY"
    expect notes "denied filesystem.read $HOME/.ssh/id_ed25519"
}

links() {
    title "links: one host, named in an overrides file"
    cd "$here/links"
    serve page 8931
    box links 'title={"url": "http://localhost:8931/"}' 'title={"url": "http://collector.example/"}' -- \
        "$AGENTBOUND" run manifest.json --isolation "$mode" --yes --no-audit --overrides overrides.yaml -- \
        "$python" server.py
    expect links "A page that was granted"
    expect links "denied network.client collector.example (not in allowedHosts)"
}

hostile() {
    title "hostile: without a box"
    cd "$here/hostile"
    serve collect 8932
    box bare 'count_words={"text": "one two three"}' -- "$python" server.py
    expect bare "read_key: THE-KEY"
    expect bare "connect_out: sent"
    grep -q "received: loot" "$work/collect.log" || { echo "examples: the collector heard nothing" >&2; failures=$((failures + 1)); }
    : >"$work/collect.log"
    echo "# as it was" >"$HOME/.bashrc"

    title "hostile: in its box"
    box hostile 'count_words={"text": "one two three"}' -- \
        "$AGENTBOUND" run manifest.json --isolation "$mode" --yes --no-audit --explain -- "$python" server.py
    expect hostile "3 words"
    for step in read_key read_token connect_out ask_name start_program leave_door; do
        expect hostile "$step: stopped"
    done
    expect hostile "denied filesystem.read $HOME/.ssh/id_ed25519"
    expect hostile "denied network.client 127.0.0.1:8932"
    expect hostile "denied system.exec"
    refuse hostile "THE-KEY"
    refuse hostile "THE-TOKEN"
    if grep -q received "$work/collect.log"; then echo "examples: the collector was reached" >&2; failures=$((failures + 1)); fi
    grep -qx "# as it was" "$HOME/.bashrc" && [ "$(wc -l <"$HOME/.bashrc")" = 1 ] || failures=$((failures + 1))
}

for example; do
    case $example in
    notes | links | hostile) "$example" ;;
    *) echo "examples: there is no example \`$example\`" >&2; exit 64 ;;
    esac
done
if [ "$failures" -gt 0 ]; then echo "examples: $failures expectations failed" >&2; exit 1; fi
