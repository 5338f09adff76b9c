#!/bin/sh
# Makes what the tests of real servers need, in DIR (default /tmp/agentbound-real): venvs from PyPI with the system's
# Python, so that every account can use them, and the programs of this folder and of Fixtures/dns/resolvers.
# A part whose compiler is missing is left out and named; its tests are skipped. Runs again only when something changed.
#
#   setup.sh [DIR]
set -eu
umask 022
here=$(cd "$(dirname "$0")" && pwd)
resolvers=$here/../Fixtures/dns/resolvers
dir=${1:-${AGENTBOUND_REAL_SERVERS:-/tmp/agentbound-real}}
mkdir -p "$dir/bin" "$dir/java"
stamp=$(cat "$here"/setup.sh "$here"/requirements*.txt "$here"/servers/* "$resolvers"/* | sha256sum)
if [ "$(cat "$dir/stamp" 2>/dev/null)" = "$stamp" ]; then
    exit 0
fi

# venv NAME REQUIREMENTS: made with the system's Python; one below a home folder is closed to other accounts.
venv() {
    [ "$(cat "$dir/$1/requirements" 2>/dev/null)" = "$(cat "$2")" ] && return
    rm -rf "${dir:?}/$1"
    /usr/bin/python3 -m venv "$dir/$1"
    "$dir/$1/bin/pip" install --quiet --no-input --disable-pip-version-check --requirement "$2"
    cp "$2" "$dir/$1/requirements"
}

# have COMMAND: whether it is there; says so when it is not.
have() {
    command -v "$1" >/dev/null 2>&1 && return
    echo "setup.sh: no $1: its programs are left out" >&2
    return 1
}

if [ ! -x /usr/bin/python3 ] || ! /usr/bin/python3 -c 'import ensurepip' 2>/dev/null; then
    if [ "$(id -u)" = 0 ]; then apt-get install -y -qq python3-venv >&2; else sudo apt-get install -y -qq python3-venv >&2; fi
fi
venv venv "$here/requirements.txt"
venv venv-sdk1 "$here/requirements-sdk1.txt"
venv venv-tools "$here/requirements-tools.txt"
venv venv-policies "$here/requirements-policies.txt"

cp "$here"/servers/server.js "$here"/servers/server.sh "$resolvers"/resolve.js "$dir/bin/"
chmod 755 "$dir"/bin/server.sh
export GOCACHE="$dir/cache" GOFLAGS=-mod=mod GO111MODULE=off
if have go; then
    CGO_ENABLED=0 go build -o "$dir/bin/go-static" "$here/servers/server.go"
    CGO_ENABLED=1 go build -tags netcgo -o "$dir/bin/go-cgo" "$here/servers/server.go"
    CGO_ENABLED=0 go build -o "$dir/bin/resolve-netgo" "$resolvers/resolve.go"
    CGO_ENABLED=1 go build -tags netcgo -o "$dir/bin/resolve-cgo" "$resolvers/resolve.go"
fi
rm -rf "$dir/cache"
if have javac; then
    javac -d "$dir/java" "$here/servers/Server.java" "$resolvers/Resolve.java"
fi
if have gcc; then gcc -O1 -o "$dir/bin/resolve-glibc" "$resolvers/resolve.c"; fi
if have musl-gcc; then musl-gcc -static -O1 -o "$dir/bin/resolve-musl" "$resolvers/resolve.c"; fi
chmod -R a+rX "$dir"
printf '%s\n' "$stamp" >"$dir/stamp"
