#!/bin/sh
# Usage: scripts/install.sh EXECUTABLE PREFIX
#        scripts/install.sh --remove PREFIX
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
first=$1 prefix=$2
bash_folder=$prefix/share/bash-completion/completions
zsh_folder=$prefix/share/zsh/site-functions
fish_folder=$prefix/share/fish/vendor_completions.d

if [ "$first" = --remove ]; then
    rm -rf "$prefix/share/agentbound" "$prefix/share/doc/agentbound"
    rm -f "$prefix/bin/agentbound" "$prefix/share/man/man1/agentbound.1" "$bash_folder/agentbound" \
        "$zsh_folder/_agentbound" "$fish_folder/agentbound.fish"
    exit 0
fi

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
# Written by the executable itself, so that they cannot tell of options that it does not have.
for shell in bash zsh fish; do "$first" --generate-completion-script "$shell" >"$made/$shell"; done
"$first" manual >"$made/manual"

# -s leaves the symbols out: they are a third of the file, and no message of ours needs them.
install -D -s -m 755 "$first" "$prefix/bin/agentbound"
install -d "$prefix/share/agentbound/manifests" "$prefix/share/agentbound/schema" \
    "$prefix/share/doc/agentbound/decisions"
install -m 644 "$root"/manifests/*.json "$prefix/share/agentbound/manifests"
install -m 644 "$root"/schema/*.json "$prefix/share/agentbound/schema"
# What messages name: `next: .../share/doc/agentbound/policy.md shows the format`.
install -m 644 "$root"/docs/*.md "$prefix/share/doc/agentbound"
install -m 644 "$root"/docs/decisions/*.md "$prefix/share/doc/agentbound/decisions"
install -D -m 644 "$made/bash" "$bash_folder/agentbound"
install -D -m 644 "$made/zsh" "$zsh_folder/_agentbound"
install -D -m 644 "$made/fish" "$fish_folder/agentbound.fish"
install -D -m 644 "$made/manual" "$prefix/share/man/man1/agentbound.1"
echo "installed agentbound to $prefix"
