#!/bin/sh
# Limits by control group, on a kernel of its own: a machine under qemu with Debian's kernel, where root and an ordinary
# user with a delegated group start boxes. For machines whose own groups are taken (containers, version 1).
# Usage: scripts/vm/test.sh EXECUTABLE     the static executable; takes a minute without hardware support
set -eu

executable=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d /tmp/agentbound-vm-XXXXXX)
trap 'rm -rf "$work"' EXIT
cd "$work"
kernel=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p')
apt-get download -q "$kernel" 2>&1 | grep -v unsandboxed || true
dpkg -x linux-image-*.deb kernel

mkdir -p root/bin root/etc root/home root/mnt
cp "$(command -v busybox)" "$executable" root/bin/
gcc -static -O1 -Wall -o root/bin/eat "$here/eat.c"
for name in sh mount mkdir cat cp ls sleep poweroff grep kill su chown chmod switch_root; do ln -s busybox "root/bin/$name"; done
cp "$here/init" root/init
cp "$here/inside.sh" root/inside.sh
printf '%s\n' 'root:x:0:0::/home:/bin/sh' 'nobody:x:65534:65534::/home:/bin/sh' >root/etc/passwd
printf '%s\n' 'root:x:0:' 'nogroup:x:65534:' >root/etc/group
(cd root && find . | cpio --quiet -o -H newc | gzip -1) >initrd.gz

timeout 600 qemu-system-x86_64 -m 700 -nographic -no-reboot -kernel kernel/boot/vmlinuz-* -initrd initrd.gz \
    -append "console=ttyS0 quiet panic=-1 lsm=landlock,capability,yama" </dev/null >console.log 2>&1 || true
tr -d '\r' <console.log | sed -n '/^== begin/,$p'
! grep -q '^FAILED' console.log && grep -q '^== end' console.log
