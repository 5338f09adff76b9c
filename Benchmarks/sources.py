"""Source trees for the figures of `generate`: real Python code, copied until it is as much as wanted."""

import os
import subprocess
import time


def tree(folder, packages, megabytes):
    """A package of `megabytes` whose entry imports every file, so that all of it is read. Returns its size in bytes."""
    sources = []
    for parent, _, names in os.walk(packages):
        for name in names:
            path = os.path.join(parent, name)
            if name.endswith(".py") and os.path.getsize(path) < 1 << 19:
                with open(path, "rb") as file:
                    sources.append(file.read())
    size = number = 0
    root = os.path.join(folder, "large")
    while size < megabytes * 1_000_000:
        part = os.path.join(root, f"part{number // 500}")
        if number % 500 == 0:
            os.makedirs(part)
        text = sources[number % len(sources)]
        with open(os.path.join(part, f"m{number}.py"), "wb") as file:
            file.write(text)
        size += len(text)
        number += 1
    with open(os.path.join(root, "main.py"), "w", encoding="utf-8") as file:
        for module in range(number):
            file.write(f"import large.part{module // 500}.m{module}\n")
    with open(os.path.join(folder, "pyproject.toml"), "w", encoding="utf-8") as file:
        file.write('[project]\nname = "large"\n[project.scripts]\nlarge = "large.main:main"\n')
    return size


def draft(executable, folder):
    """Seconds, and megabytes of memory at the most."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [executable, "generate", folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"generate {folder} ended with {process.returncode}")
    return time.perf_counter() - begun, usage.ru_maxrss / 1000
