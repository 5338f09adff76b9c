#!/bin/sh
# Usage: scripts/start-order/record.sh [--check] EXECUTABLE      --check writes nothing
# Says how much of what a start executes is missing in start-order.txt, and writes that anew: the functions that starts in both modes and
# the first call through a gateway execute, for the linker to put side by side (docs/decisions/0008). Names that are no longer there do no
# harm, so it need not follow every change.
set -eu

check=
if [ "$1" = --check ]; then
    check=1
    shift
fi
here=$(cd "$(dirname "$0")" && pwd)
executable=$(realpath "$1")
folder=$(mktemp -d /tmp/agentbound-order-XXXXXX)
trap 'rm -rf "$folder"' EXIT
cc -O2 -Wall -Wextra -o "$folder/entries" "$here/entries.c"
python3 "$here/functions.py" places "$executable" >"$folder/places"
echo '{"description": "a start", "permissions": ["mcp.ac.filesystem.read"]}' >"$folder/manifest.json"
echo '{"version": 1, "default": "allow"}' >"$folder/policy.json"
cat >"$folder/server.py" <<'PYTHON'
import sys
for _ in sys.stdin:
    print('{"jsonrpc": "2.0", "id": 1, "result": {"content": [{"type": "text", "text": "done"}]}}', flush=True)
PYTHON
mkdir "$folder/work"
cd "$folder/work"
export HOME="$folder" XDG_STATE_HOME="$folder/state"
start() {
    output=$folder/$1
    shift
    "$folder/entries" "$output" "$folder/places" "$executable" run "$folder/manifest.json" --yes --isolation "$@"
}
start 1 namespaces -- /bin/true </dev/null
start 2 plain -- /bin/true </dev/null
{
    echo '{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "t", "arguments": {"path": "./a", "text": "b c"}}}'
    sleep 5 # longer than the answer takes
} | start 3 plain --policy "$folder/policy.json" --read-path "$folder/server.py" -- /usr/bin/python3 -S "$folder/server.py" >/dev/null
python3 "$here/functions.py" names "$executable" "$folder/1" "$folder/2" "$folder/3" >"$folder/order"
missing=$(grep -vcxF -f "$here/start-order.txt" "$folder/order" || true)
echo "start order: $missing of the $(wc -l <"$folder/order") functions that a start executes are not in the list"
[ -n "$check" ] || cp "$folder/order" "$here/start-order.txt"
