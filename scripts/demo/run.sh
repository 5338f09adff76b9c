#!/bin/sh
# The demonstration of `make demo`.
# Usage: scripts/demo/run.sh EXECUTABLE PYTHON-FOLDER [--isolation MODE]
set -eu

here=$(cd "$(dirname "$0")" && pwd)
agentbound=$1 packages=$2
shift 2

work=$(mktemp -d /tmp/agentbound-demo-XXXXXX)
site=
finish() {
    [ -z "$site" ] || kill "$site" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# The web site is the only service that the server is meant to reach. It picks a free port and says which.
/usr/bin/python3 "$here/site.py" >"$work/site" &
site=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    [ -s "$work/site" ] && break
    sleep 0.1
done
port=$(cat "$work/site")

cd "$work"
XDG_STATE_HOME="$work/state" "$packages/bin/python" "$here/client.py" "$port" \
    "$agentbound" run fetch --yes --allow-host "localhost:$port" "$@" -- \
    "$packages/bin/mcp-server-fetch" --ignore-robots-txt --allow-private-ips
