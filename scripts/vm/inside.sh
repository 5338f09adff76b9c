# Run in the machine. Each line that begins with FAILED is a failure.
[ "$1" = user ] || printf '\n== begin\n'
export HOME=/home
groups=/sys/fs/cgroup
[ "$1" = user ] || echo '{"description": "a test", "permissions": ["mcp.ac.filesystem.read"]}' >/tmp/manifest.json

# Its last line and its code: check WORDS CODE WHERE KIND COUNT LIMIT
check() {
    words=$1 code=$2
    shift 2
    for mode in plain namespaces; do
        said=$(cd /work && agentbound run /tmp/manifest.json --yes --no-audit --accept-gaps --isolation $mode --limit "$3" \
            -- /bin/eat "$1" "$2" 2>&1)
        got=$?
        case $said in *"$words"*) ;; *) got="$got, not in words" ;; esac
        [ "$got" = "$code" ] && echo "ok $mode $*" || echo "FAILED $mode $*: $got: $said"
    done
}
all() {
    agentbound doctor | grep -q "boxes can have a control group of their own" || echo "FAILED doctor finds no group"
    check "the server was killed: it used more than memory=64M; --limit memory=128M would give it more" 137 m 200 memory=64M
    check "1 process of the box killed: together they used more than memory=64M" 3 c 200 memory=64M
    check "" 0 m 20 memory=64M
    check "9 forks" 0 f 100 processes=10
    check "could start no more processes or threads than processes=10" 0 f 100 processes=10
    ls -d "$1"/agentbound-* 2>/dev/null && echo "FAILED groups are left in $1"
}
if [ "$1" = user ]; then all $groups/user; exit; fi
all $groups

# A launcher that is killed leaves an empty group, and the next one removes it.
cd /work
agentbound run /tmp/manifest.json --yes --no-audit --accept-gaps --limit memory=64M -- /bin/eat s 1000 >/tmp/ready &
launcher=$!
until grep -q ready /tmp/ready; do sleep 1; done
[ -n "$(cat $groups/agentbound-$launcher/cgroup.procs)" ] || echo "FAILED the server is not in its group"
kill -9 $launcher
sleep 2
[ -z "$(cat $groups/agentbound-$launcher/cgroup.procs)" ] || echo "FAILED the server outlived its launcher"
check "" 0 m 20 memory=64M
[ -e $groups/agentbound-$launcher ] && echo "FAILED the group of a launcher that is gone is still there"

# An ordinary user in a group that systemd would have delegated: without hands in what is above it.
mkdir -p $groups/user/scope
echo "+memory +pids" >$groups/user/cgroup.subtree_control
chown -R nobody $groups/user
(echo 0 >$groups/user/scope/cgroup.procs && exec su -s /bin/sh nobody -c "sh /inside.sh user")
echo "== end"
