#!/bin/sh
# Tries every attack with each layer of a box left out, and judges what fell (scripts/ablation.py). As root it does so as
# root and as `nobody`. Takes a quarter of an hour.
# Usage: scripts/test-ablation.sh [--record]     --record keeps the result in Tests/ablation.txt
set -eu

cd "$(dirname "$0")/.."
umask 022
scripts/build-tests.sh
report=$(mktemp /tmp/agentbound-ablation-XXXXXX)
trap 'rm -f "$report"' EXIT
AGENTBOUND_ABLATION_REPORT=$report .build-test/debug/agentboundPackageTests.xctest \
    --testing-library swift-testing --filter AblationT | sed -e '/^. Test case passing/d'
scripts/ablation.py "$report" "$@"
