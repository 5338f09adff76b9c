#!/bin/sh
# What can be checked of arm64 on another machine: the C compiles there without a warning, constants that Swift has by number
# are that machine's, the init program stands alone, and where there is an emulator the C does what it should.
set -eu

cd "$(dirname "$0")/.."
cross=aarch64-linux-gnu-
folder=$(mktemp -d /tmp/agentbound-arm64-XXXXXX)
trap 'rm -rf "$folder"' EXIT
compile() { "${cross}gcc" -D_GNU_SOURCE -Wall -Wextra -Werror -O2 -ISources/CChildLaunch/include -ISources/CLinuxShims/include "$@"; }

for file in Sources/CChildLaunch/*.c Sources/CLinuxShims/*.c Tests/Victim/*.c; do
    compile -Wno-clobbered -Wno-unused-parameter -c -o "$folder/$(basename "$file").o" "$file"
done
# Copied into an image of its own, it must reach nothing outside itself: no call, no address of data.
"${cross}objdump" -d --section=agentbound_init "$folder/child_init.c.o" >"$folder/init.txt"
grep -q 'svc' "$folder/init.txt"
if grep -E '[[:space:]](bl|blr|adrp|ldr[[:space:]].*, 0x)[[:space:]]' "$folder/init.txt"; then
    echo "check-arm64: the init program reaches outside itself" >&2
    exit 1
fi
compile -static -o "$folder/driver" Tests/CParts/driver.c Sources/CChildLaunch/*.c Sources/CLinuxShims/*.c -lpthread
echo "check-arm64: C compiles"

emulator=$(command -v qemu-aarch64-static || command -v qemu-aarch64 || true)
[ -n "$emulator" ] || { echo "check-arm64: no emulator, nothing was run"; exit; }
"$emulator" "$folder/driver" --no-start
# As the first process of nothing: it says that it has begun, has nobody to wait for, and reports a kill.
"$emulator" "$folder/driver" --init "$folder/init"
"$emulator" "$folder/init" <>"$folder/said"
[ "$(od -An -tx1 "$folder/said" | tr -d ' ')" = 0909000000 ] || { echo "check-arm64: init said something else" >&2; exit 1; }
echo "check-arm64: init runs"
