"""The functions that addresses lie in, each once, in the order of the first: functions.py EXECUTABLE ADDRESSES..."""

import bisect
import subprocess
import sys


def symbols(executable):
    """(address, size, name) of each function, by address."""
    listing = subprocess.run(
        ["nm", "--numeric-sort", "--print-size", "--defined-only", executable], capture_output=True, text=True, check=True)
    rows = [line.split() for line in listing.stdout.splitlines()]
    return [(int(row[0], 16), int(row[1], 16), row[3]) for row in rows if len(row) == 4 and row[2] in "tTwW"]


def main():
    executable, files = sys.argv[1], sys.argv[2:]
    table = symbols(executable)
    starts = [row[0] for row in table]
    found = {}
    for file in files:
        with open(file, encoding="ascii") as lines:
            for line in lines:
                address = int(line, 16)
                index = bisect.bisect_right(starts, address) - 1
                if index >= 0 and address < table[index][0] + table[index][1]:
                    found.setdefault(table[index][2])
    print("\n".join(found))


main()
