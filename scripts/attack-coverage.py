#!/usr/bin/env python3
"""Writes docs/attack-coverage.md: the cases of Tests/attacks.txt joined with the tests that name them.

Usage: scripts/attack-coverage.py [--check]     --check writes nothing and fails when the table is not what the tests say

What each case was seen to fall without comes from Tests/ablation.txt, which `make test-ablation` writes and compares.

A test names a case by a row of the attack table ("A1", "..."), by its own name ("F11: ..." or "... (ATTACKS B20)"), and
a row of AblationTests (.landlock, .plain, "A1 ...").
"""
import collections
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent
words, table = root / "Tests/attacks.txt", root / "docs/attack-coverage.md"
ID = r"[A-HJ-M]\d{1,2}"
ROW = re.compile(rf'"({ID}(?: {ID})*)",')
NAME = re.compile(r'@(?:Test|Suite)\(\s*"((?:[^"\\]|\\.)*)"')
NAMED = re.compile(rf"^({ID}(?:, {ID})*): |\(ATTACKS ({ID}(?:, {ID})*)\)")
ABLATION = re.compile(rf'\.init\(\s*\.\w+, \.\w+, "({ID}) ')
faults = []


def tests():
    """Which files name a case, and how often."""
    named = collections.defaultdict(collections.Counter)
    for file in sorted((root / "Tests").glob("*Tests/**/*.swift")):
        text, path = file.read_text(), file.relative_to(root)
        ids = []
        if path.parts[1] == "IntegrationTests":
            ids += [i for match in ROW.finditer(text) for i in match[1].split()]
        for match in NAME.finditer(text):
            ids += [i for found in NAMED.finditer(match[1]) for i in (found[1] or found[2]).split(", ")]
        ids += ABLATION.findall(text)
        for i in ids:
            named[i][path] += 1
    return named


def falls():
    """What each case that was tried without a layer falls without, in words."""
    found, words = collections.defaultdict(list), {"plain": "plain", "namespaces": "with namespaces"}
    for line in (root / "Tests/ablation.txt").read_text().splitlines():
        if line.startswith("#"):
            continue
        i, mode, layers = [field.strip() for field in line.split(" | ")]
        if layers != "none":
            found[i].append(f"{words[mode]}: {layers}")
        else:
            found[i].append(f"{words[mode]}: none alone")
    return {i: "; ".join(parts) for i, parts in found.items()}


def cases():
    section = None
    for number, line in enumerate(words.read_text().splitlines(), 1):
        if line.startswith("# "):
            section = line[2:]
        if not line or line.startswith("#"):
            continue
        fields = [field.strip() for field in line.split(" | ")]
        if len(fields) not in (4, 5) or not re.fullmatch(ID, fields[0]):
            sys.exit(f"{words.name}:{number}: not `id | tried | outcome | layers [| why there is no test]`")
        yield section, fields


def table_text():
    named, without = tests(), falls()
    lines, state, seen, last = [], collections.Counter(), set(), None
    for section, (i, tried, outcome, held, *why) in cases():
        if i in seen:
            faults.append(f"{i} stands twice in {words.name}")
        seen.add(i)
        if bool(why) == bool(named[i]):
            faults.append(f"{i}: " + ("it has tests, and a reason for none" if why else "no test names it, and nothing says why"))
        if section != last:
            lines += ["", f"## {section}", "", "| case | what is tried | what comes of it | layers | falls without | tests |", "| --- " * 6 + "|"]
            last = section
        proof = ", ".join(
            f"[{path.stem}](../{path})" + (f" {count}" if count > 1 else "") for path, count in sorted(named[i].items()))
        through = held.startswith("none; ")  # by design, and a test shows it
        state[why[0].split(":")[0] if why else "not held, and shown" if through else "held by tests"] += 1
        lines.append(f"| {i} | {tried} | {outcome} | {held} | {without.get(i, '')} | {proof or ' '.join(why)} |")
    for i in sorted(set(named) - seen):
        faults.append(f"{i} is named by {', '.join(str(p) for p in named[i])} and not in {words.name}")
    counts = ", ".join(f"{count} {what}" for what, count in sorted(state.items(), reverse=True))
    head = [
        "# Attack coverage", "",
        "Made by `scripts/attack-coverage.py` from [Tests/attacks.txt](../Tests/attacks.txt) and the names of the tests: do not edit.",
        "`make check` fails when it is not what the tests say.", "",
        f"{sum(state.values())} cases: {counts}. Each row of an attack table is tried outside the box first, where it works, and then",
        "in both modes, as root and as an ordinary user. A number says how often a file names the case.",
        "",
        "*Layers* hold a case, the first the first. *Falls without* is what was seen when each layer was left out, one at a time, by",
        "`make test-ablation`: a layer stands there when some row of the case got through without it, in that mode, as root or as an",
        "ordinary user; *none alone* says that another layer held each of them. What the supervisor holds falls without the filter",
        "too, which sends calls to it. Empty where the case has no row in the table of attacks.",
    ]
    return "\n".join(head + lines) + "\n"


text = table_text()
if "--check" in sys.argv:
    if not table.exists() or table.read_text() != text:
        faults.append(f"{table.relative_to(root)} is not what the tests say: run scripts/attack-coverage.py")
else:
    table.write_text(text)
for fault in faults:
    print(f"attack-coverage: {fault}", file=sys.stderr)
sys.exit(1 if faults else 0)
