#!/bin/sh
# An MCP server of builtins only: it starts no other program. Strings of its client hold no escapes.

# text KEY: the string that KEY has in $line.
text() {
    rest=${line#*\""$1"\":}
    rest=${rest#*\"}
    printf '%s' "${rest%%\"*}"
}

# answer RESULT
answer() { printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$1"; }

# said TEXT FAILED
said() { answer "{\"content\":[{\"type\":\"text\",\"text\":\"$1\"}],\"isError\":$2}"; }

tool() { printf '{"name":"%s","inputSchema":{"type":"object"}}' "$1"; }

# first_line FILE: what it begins with.
first_line() { IFS= read -r first <"$1" && printf '%s' "$first"; }

while IFS= read -r line; do
    case $line in
    *'"id":'*) id=${line#*\"id\":} id=${id%%[,\}]*} ;;
    *) continue ;;
    esac
    case $line in
    *'"method":"initialize"'*)
        answer "{\"protocolVersion\":\"$(text protocolVersion)\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"sh\",\"version\":\"1\"}}"
        ;;
    *'"method":"tools/list"'*) answer "{\"tools\":[$(tool read),$(tool write),$(tool start)]}" ;;
    *'"name":"read"'*)
        if words=$(first_line "$(text path)" 2>/dev/null); then said "$words" false; else said "cannot read" true; fi
        ;;
    *'"name":"write"'*)
        if { text text >"$(text path)"; } 2>/dev/null; then said written false; else said "cannot write" true; fi
        ;;
    *'"name":"start"'*)
        if words=$(/usr/bin/uname 2>/dev/null); then said "$words" false; else said "cannot start" true; fi
        ;;
    esac
done
