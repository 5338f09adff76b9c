# What a reader, a packager and the CI type. `make` alone lists the targets.

PREFIX ?= /usr/local
DESTDIR ?=
PYTHON_FOLDER ?= .venv-demo
RELEASE = .build-static
EXECUTABLE = $(RELEASE)/release/agentbound
# One static file (docs/decisions/0002). The second flag has generic types looked up by function, not by name: the look-up
# by name goes through every conformance in the executable, which took a third of a start. The others put what a start executes
# side by side (docs/decisions/0008); Swift has sections for its functions anyway.
STATIC = -Xswiftc -static-executable -Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors \
	-Xswiftc -Xfrontend -Xswiftc -function-sections -Xcc -ffunction-sections -Xswiftc -use-ld=lld \
	-Xlinker "--symbol-ordering-file=$(CURDIR)/scripts/start-order/start-order.txt" -Xlinker --no-warn-symbol-ordering
SOURCES = Sources Tests Fuzz
SECONDS ?= 600
# An hour, unless somebody says otherwise.
SOAK = $(if $(filter file,$(origin SECONDS)),3600,$(SECONDS))

.PHONY: help start-order deps deps-test build install uninstall demo test test-ablation test-vm compatibility soak valgrind check-arm64 check bench fuzz fuzz-quick score clean

help:
	@echo "make deps       install what the build needs (Debian packages, only what is missing)"
	@echo "make deps-test  the same for tests, demo and benchmarks"
	@echo "make build      the static release executable: $(EXECUTABLE)"
	@echo "make install    executable, manifests, documentation, completions and manual to PREFIX=$(PREFIX)"
	@echo "make demo       a real MCP server in its box: one call that works, one that is stopped"
	@echo "make test       everything, as root also as an ordinary user, in both isolation modes"
	@echo "make test-ablation  the attacks with each layer left out: what falls, against what the table says (RECORD=1 keeps it)"
	@echo "make test-vm    limits by control group, on a kernel of their own under qemu"
	@echo "make compatibility  26 programs, from git to a browser, at work in their boxes; writes their table in docs"
	@echo "make soak       an hour of mixed load on boxes in both modes (SECONDS=N): what grows, what is slow"
	@echo "make valgrind   the product's C under memcheck"
	@echo "make check-arm64  what can be checked of arm64 on another machine"
	@echo "make check      formatting, attack coverage, warnings as errors, imports"
	@echo "make bench      what box and gateway cost, as a table and in bench.json (PEERS=venv: beside other gateways)"
	@echo "make fuzz-quick a minute of libFuzzer on what reads foreign bytes; make fuzz SECONDS=3600 for longer"
	@echo "make start-order  record anew which functions a start needs, for the linker to put side by side"
	@echo "make score      CORPUS=folder [LABELS=file]: what generate gets right of labelled servers"
	@echo "make clean      remove what was built"

start-order: build
	scripts/start-order/record.sh $(EXECUTABLE)
	rm $(EXECUTABLE)
	$(MAKE) build

deps:
	scripts/packages.sh build demo

deps-test: deps
	scripts/packages.sh test bench

build: deps
	swift build -c release $(STATIC) --scratch-path $(RELEASE) --product agentbound
	@scripts/rewrite.sh $(EXECUTABLE)
	@echo "built $(EXECUTABLE)"

install:
	@test -x $(EXECUTABLE) || { echo "make: nothing to install yet: run \`make build\` first" >&2; exit 66; }
	scripts/install.sh $(EXECUTABLE) "$(DESTDIR)$(PREFIX)"

uninstall:
	scripts/install.sh --remove "$(DESTDIR)$(PREFIX)"

demo: build
	scripts/python.sh $(PYTHON_FOLDER)
	scripts/demo/run.sh $(CURDIR)/$(EXECUTABLE) $(CURDIR)/$(PYTHON_FOLDER)

# The executable is the one that users get; started thousands of times, one without optimisation takes most of the time.
test: deps-test build
	AGENTBOUND_BIN=$(CURDIR)/$(EXECUTABLE) scripts/test.sh

test-ablation: deps-test
	scripts/test-ablation.sh $(if $(RECORD),--record)

test-vm: build
	scripts/packages.sh vm
	scripts/vm/test.sh $(EXECUTABLE)

compatibility: build
	scripts/packages.sh test compatibility
	Tests/Compatibility/setup.sh
	/usr/bin/python3 -B Tests/Compatibility/run.py --launcher $(CURDIR)/$(EXECUTABLE) --markdown docs/compatibility.md

soak: build
	scripts/packages.sh test
	mkdir -p .build-soak
	gcc -D_GNU_SOURCE -O1 -o .build-soak/victim Tests/Victim/*.c -lpthread
	python3 scripts/soak.py $(EXECUTABLE) .build-soak/victim --seconds $(SOAK)

valgrind: deps
	scripts/packages.sh valgrind
	scripts/valgrind.sh

check-arm64:
	scripts/packages.sh arm64
	scripts/check-arm64.sh

check: deps
	swift format lint --strict --parallel --recursive $(SOURCES) examples/library Package.swift
	scripts/attack-coverage.py --check
	scripts/build-tests.sh

fuzz: deps
	scripts/fuzz.sh $(SECONDS)

fuzz-quick: deps
	scripts/fuzz.sh 60

bench: build
	scripts/packages.sh bench
	scripts/python.sh $(PYTHON_FOLDER)
	scripts/start-order/record.sh --check $(EXECUTABLE)
	/usr/bin/python3 Benchmarks/bench.py $(CURDIR)/$(EXECUTABLE) $(CURDIR)/$(PYTHON_FOLDER) --json bench.json $(if $(PEERS),--peers $(PEERS))

score: build
	@test -n "$(CORPUS)" || { echo "make: give CORPUS=, a folder with one checked-out folder OWNER+NAME a repository" >&2; exit 64; }
	python3 scripts/score.py $(EXECUTABLE) $(CORPUS) $(or $(LABELS),$(CORPUS)/labels.json) $(if $(VERBOSE),-v)

clean:
	rm -rf .build .build-static .build-test $(PYTHON_FOLDER) bench.json
