#!/bin/sh
# Builds everything, tests included, into .build-test: a warning or an import that Package.swift does not declare stops it.
# `make check` and `make test` share the result.
set -eu

cd "$(dirname "$0")/.."
swift build --build-tests --scratch-path .build-test -Xswiftc -warnings-as-errors \
    --explicit-target-dependency-import-check error
