#!/bin/sh
# Usage: scripts/fuzz.sh SECONDS
# Feeds the decoders of Fuzz/ with inputs that libFuzzer makes up, under the address sanitizer. An input that ends the
# process is kept in .build-fuzz/found, and named; `Decoders FILE` runs it again. The corpus stays for the next time.
set -eu

cd "$(dirname "$0")/.."
seconds=$1
folder=$PWD/.build-fuzz
# libFuzzer sees where inputs lead by the marks that the compiler leaves. New files are seen when the plan is made anew.
touch Fuzz/Package.swift
swift build -c release --package-path Fuzz --scratch-path "$folder" --product Decoders \
    -Xswiftc -sanitize=fuzzer,address -Xswiftc -enable-testing
mkdir -p "$folder/corpus" "$folder/found"
# Leaks are not looked for: the sanitizer takes what Swift's constants hold by marked pointers for lost.
ASAN_OPTIONS=detect_leaks=0 "$folder/release/Decoders" "$folder/corpus" -max_total_time="$seconds" -max_len=4096 -dict=Fuzz/wire.dict -timeout=25 -rss_limit_mb=2048 \
    -artifact_prefix="$folder/found/" -print_final_stats=1
