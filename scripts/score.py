#!/usr/bin/env python3
"""Scores `agentbound generate` against labels.

Usage: score.py EXECUTABLE CORPUS LABELS [-v]

CORPUS has one checked-out folder OWNER+NAME for each repository. LABELS is a JSON list with repository, subdirectory, required
and borderline. A cell is a server and a permission; borderline cells are not counted. No output is an empty manifest.
"""
import json
import os
import subprocess
import sys
import time


def draft(executable, folder):
    try:
        done = subprocess.run(
            [executable, "generate", folder, "--format", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        return json.loads(done.stdout), done.stderr.decode(errors="replace")
    except (subprocess.TimeoutExpired, ValueError) as error:
        return {"manifest": {"permissions": []}, "findings": [], "unresolved": [], "files": 0}, str(error)


def main():
    executable, corpus, labels = sys.argv[1:4]
    verbose = "-v" in sys.argv[4:]
    counts = {"TP": 0, "FP": 0, "FN": 0}
    exact = servers = 0
    languages = {}
    times = []
    for label in json.load(open(labels)):
        folder = os.path.join(corpus, label["repository"].replace("/", "+"), label.get("subdirectory") or "")
        if not os.path.isdir(folder):
            print(f"{label['repository']}: not in the corpus")
            continue
        servers += 1
        start = time.monotonic()
        result, errors = draft(executable, folder)
        times.append(time.monotonic() - start)
        got = set(result["manifest"]["permissions"])
        required, borderline = set(label["required"]), set(label.get("borderline") or [])
        wrong, missed = got - required - borderline, required - got - borderline
        counts["TP"] += len(got & required - borderline)
        counts["FP"] += len(wrong)
        counts["FN"] += len(missed)
        language = languages.setdefault(label["language"], [0, 0, 0, 0])
        language[0] += 1
        language[1] += not wrong and not missed
        language[2] += len(wrong)
        language[3] += len(missed)
        exact += not wrong and not missed
        name = label["repository"] + ("/" + label["subdirectory"] if label.get("subdirectory") else "")
        if verbose or not result["files"]:
            print(f"{name}: {result['files']} files, {times[-1]:.3f} s {errors.strip() if not result['files'] else ''}")
        for permission in sorted(wrong):
            found = [f for f in result["findings"] if f["permission"] == permission and f["confidence"] != "low"]
            places = "; ".join(f"{f['file']}:{f['line']} {f['call']}" for f in found[:3])
            print(f"  FP {name}: {permission}: {places}")
        for permission in sorted(missed):
            print(f"  FN {name}: {permission}: {(label.get('evidence') or {}).get(permission, '')}")
    tp, fp, fn = counts["TP"], counts["FP"], counts["FN"]
    precision = tp / (tp + fp) if tp + fp else 1
    recall = tp / (tp + fn) if tp + fn else 1
    for language, (number, right, wrong, missed) in sorted(languages.items()):
        print(f"{language}: {right} of {number} exact, {wrong} too many, {missed} missed")
    if servers:
        times.sort()
        print(f"{servers} servers: precision {precision:.3f}, recall {recall:.3f}, exact {exact} ({exact / servers:.0%}), median {times[len(times) // 2]:.3f} s")


main()
