#!/bin/sh
# Installs what is missing of the packages in packages.txt.
# Usage: scripts/packages.sh [--list] WHEN...     WHEN: as in packages.txt
#   --list prints what is missing and installs nothing.
set -eu

folder=$(dirname "$0")
list=no
if [ "${1:-}" = --list ]; then list=yes; shift; fi

present() {
    case $1 in
    # Unquoted: a version number in the path is written as a pattern.
    /*) for file in $1; do [ -e "$file" ] && return 0; done; return 1 ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

missing=
while read -r when package proof; do
    case $when in '' | '#'*) continue ;; esac
    case " $* " in *" $when "*) ;; *) continue ;; esac
    present "$proof" || missing="$missing $package"
done <"$folder/packages.txt"

if [ -z "$missing" ]; then echo "packages: nothing is missing for: $*"; exit 0; fi
if [ "$list" = yes ]; then printf '%s\n' $missing; exit 0; fi
if ! command -v apt-get >/dev/null; then
    echo "packages: this is no Debian; install the counterparts of:$missing" >&2
    exit 69
fi
sudo=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "packages: ask an administrator to install:$missing" >&2; exit 69; }
    sudo=sudo
fi
echo "packages: installing$missing"
$sudo apt-get update -q
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
