#!/bin/sh
# Makes the folder of Python packages that the demo and the benchmarks use, once.
# Usage: scripts/python.sh FOLDER
# Versions are pinned: what is shown should not change with what was published last night.
set -eu

folder=$1
set -- mcp==2.3.0 mcp-server-fetch==2026.10.24 mcp-server-time==2026.10.19
if [ "$(cat "$folder/packages" 2>/dev/null)" = "$*" ]; then exit 0; fi
# Debian's Python: a box can read it as any user, which a Python in somebody's home is not.
/usr/bin/python3 -m venv --clear "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check "$@"
echo "$*" >"$folder/packages"
