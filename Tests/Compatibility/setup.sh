#!/bin/sh
# Makes what the programs of programs.py need, in DIR (default /tmp/agentbound-compatibility): a venv from PyPI with the
# system's Python, a program in Rust, and a forest of 50,000 files. What has no compiler is left out and named.
#
#   setup.sh [DIR]
set -eu
umask 022
here=$(cd "$(dirname "$0")" && pwd)
dir=${1:-${AGENTBOUND_COMPATIBILITY:-/tmp/agentbound-compatibility}}
stamp=$(cat "$here/setup.sh" "$here/requirements.txt" "$here/programs/program.rs" | sha256sum)
if [ "$(cat "$dir/stamp" 2>/dev/null)" = "$stamp" ]; then exit 0; fi
mkdir -p "$dir/bin" "$dir/forest"
/usr/bin/python3 -m venv --clear "$dir/venv"
"$dir/venv/bin/pip" install --quiet --no-input --disable-pip-version-check --requirement "$here/requirements.txt"
chmod +x "$dir/venv/bin/deno"
if command -v rustc >/dev/null; then
    rustc -O -o "$dir/bin/rust" "$here/programs/program.rs"
else
    echo "setup.sh: no rustc: its program is left out" >&2
fi
/usr/bin/python3 - "$dir/forest" <<'EOF'
import pathlib, sys
for folder in range(50):
    place = pathlib.Path(sys.argv[1], str(folder))
    place.mkdir(exist_ok=True)
    for number in range(folder * 1000, folder * 1000 + 1000):
        (place / f"{number}.txt").write_text(f"needle in {number:05}\n" * 3)
EOF
chmod -R a+rX "$dir"
printf '%s\n' "$stamp" >"$dir/stamp"
