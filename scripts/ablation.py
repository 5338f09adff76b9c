#!/usr/bin/env python3
"""Judges what fell when each layer was left out (`make test-ablation`), and keeps it in Tests/ablation.txt.

Usage: scripts/ablation.py REPORT [--record]     --record writes Tests/ablation.txt; without it a difference is a fault

REPORT has one line for each row of the attack table, layer, mode and account, as AblationTableTests writes it. A case
fell without a layer when one of its rows did, as any account. Faults are:
- a layer without which nothing falls: no test would miss it;
- a case that fell without a layer that its line in Tests/attacks.txt does not name: the table says too little. The filter
  is what sends calls to the supervisor, so what the supervisor holds falls without the filter too;
- a case whose line names one layer alone, and that stood without it: the table says too much;
- a case that fell, in namespaces, without either of two layers, each: it is not held twice, but in two halves. That is
  no fault, and the printed table and docs/attack-coverage.md say so.
"""
import collections
import pathlib
import sys

root = pathlib.Path(__file__).resolve().parent.parent
kept = root / "Tests/ablation.txt"
LAYERS = ["landlock", "filter", "supervisor", "tracer", "namespaces", "capabilities", "environment", "descriptors", "limits"]
HEAD = """\
# Which cases of Tests/attacks.txt fall, in which mode, when a layer is left out: one row of the attack table got through
# or did what it does outside. Written by `make test-ablation RECORD=1`, compared by `make test-ablation`.
# id | mode | layers, each of which the case falls without
"""
report = [line.split("\t") for line in pathlib.Path(sys.argv[1]).read_text().splitlines()]
faults = []

words = {}
for line in (root / "Tests/attacks.txt").read_text().splitlines():
    if line and not line.startswith("#"):
        fields = [field.strip() for field in line.split(" | ")]
        words[fields[0]] = [word.strip() for word in fields[3].split(";")[0].split(",")]

tried, fell = collections.defaultdict(set), collections.defaultdict(set)
for layer, mode, account, cases, title, result, held, code, outside in report:
    for case in cases.split():
        if outside != held:  # else the row says nothing either way
            tried[layer].add((case, mode))
        if result == "fell":
            fell[layer].add((case, mode))

for layer in LAYERS:
    cases = sorted({case for case, _ in fell[layer]}, key=lambda i: (i[0], int(i[1:])))
    print(f"without {layer:13} {len(cases):3} of {len({c for c, _ in tried[layer]})} cases fall: {' '.join(cases)}")
    if not fell[layer]:
        faults.append(f"nothing falls without {layer}: no test would miss it")

known = {case: {word.lower() for word in named} for case, named in words.items()}
for layer in LAYERS:
    for case in sorted({case for case, _ in fell[layer]}):
        named = known.get(case, set())
        if layer not in named and not (layer == "filter" and "supervisor" in named):
            rows = sorted({f"{t} ({m}, {a})" for l, m, a, c, t, r, *_ in report if l == layer and case in c.split() and r == "fell"})
            faults.append(f"{case} falls without {layer}, which its line in attacks.txt does not name: {'; '.join(rows[:4])}")
for case, named in sorted(known.items()):
    alone = next(iter(named)) if len(named) == 1 else None
    if alone in LAYERS and any(case == c for c, _ in tried[alone]) and not any(case == c for c, _ in fell[alone]):
        faults.append(f"{case} stands without {alone}, which its line in attacks.txt names alone")

text = HEAD
for case in words:
    for mode in ("plain", "namespaces"):
        layers = [layer for layer in LAYERS if (case, mode) in fell[layer]]
        if any((case, mode) in tried[layer] for layer in LAYERS):
            text += f"{case} | {mode} | {', '.join(layers) or 'none'}\n"
if "--record" in sys.argv:
    kept.write_text(text)
elif kept.read_text() != text:
    before, now = set(kept.read_text().splitlines()), set(text.splitlines())
    for line in sorted(before ^ now):
        faults.append(("no longer so: " if line in before else "now: ") + line)
    faults.append("Tests/ablation.txt is not what happened: see why, then `make test-ablation RECORD=1`")
for fault in faults:
    print(f"ablation: {fault}", file=sys.stderr)
sys.exit(1 if faults else 0)
