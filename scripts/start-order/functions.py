"""The functions of a static executable: functions.py places EXECUTABLE prints where each begins, in hexadecimal; functions.py names EXECUTABLE FILE...
the name of each that begins at a place in the files, once, in the order of the first."""

import collections
import subprocess
import sys


def functions(executable):
    """Address -> name, without what is copied into an executable of its own (Sources/CChildLaunch/child_init.c) and without names that
    several functions have: the linker would take all of them."""
    listing = subprocess.run(["nm", "--defined-only", "--print-size", executable], capture_output=True, text=True, check=True)
    rows = [line.split() for line in listing.stdout.splitlines()]
    marks = {row[-1]: int(row[0], 16) for row in rows if row[-1].endswith("_agentbound_init")}
    copied = range(marks["__start_agentbound_init"], marks["__stop_agentbound_init"])
    rows = [row for row in rows if len(row) == 4 and row[2] in "tTwW" and int(row[0], 16) not in copied]
    bearers = collections.Counter(row[3] for row in rows)
    return {int(row[0], 16): row[3] for row in rows if bearers[row[3]] == 1}


def main():
    found = functions(sys.argv[2])
    if sys.argv[1] == "places":
        print("\n".join(f"{address:x}" for address in sorted(found)))
        return
    names = {}
    for file in sys.argv[3:]:
        with open(file, encoding="ascii") as lines:
            for line in lines:
                names.setdefault(found[int(line, 16)])
    print("\n".join(names))


main()
