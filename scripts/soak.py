#!/usr/bin/env python3
"""Boxes under mixed load for as long as asked: launchers may not grow, and who behaves well is served all the time.

Usage: scripts/soak.py EXECUTABLE VICTIM [--seconds N]      (`make soak SECONDS=N`; an hour without)

In each mode three things go on at once: a Python server that is asked to do one thing after another (Tests/Soak/server.py),
the tests' hostile program with one act after another, in one box, and small boxes that start and end. Once a minute, and at
least four times, the load pauses for a moment and the two lasting launchers are measured. It fails when
- a well-behaved call fails or takes longer than 20 s (hostile acts use the same two processors, and the name stub's rate);
- a launcher has grown by more than 8 MB of memory or 16 descriptors or 4 threads since the first measurement;
- a small box or a hostile act ends as it should not, or anything is left running at the end.
"""
import argparse
import os
import pathlib
import queue
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

SLOWEST, GROWTH_KB, GROWTH_FILES, GROWTH_THREADS = 20.0, 8192, 16, 4
KINDS = ["connect", "refused-connect", "refused-open", "files", "refused-exec", "fork", "refused-name"]

arguments = argparse.ArgumentParser()
arguments.add_argument("executable", type=os.path.abspath)
arguments.add_argument("victim", type=os.path.abspath)
arguments.add_argument("--seconds", type=int, default=3600)
options = arguments.parse_args()
root = pathlib.Path(__file__).resolve().parent.parent
folder = pathlib.Path(tempfile.mkdtemp(prefix="agentbound-soak-"))
faults, over, paused = [], threading.Event(), threading.Event()


def fault(text):
    if len(faults) < 50:
        faults.append(text)
        print(f"soak: {text}", flush=True)


def greeter():
    """A service on loopback that says `hi` to everybody."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)

    def serve():
        while True:
            stream, _ = listener.accept()
            try:
                stream.sendall(b"hi")
            except OSError:
                pass
            stream.close()

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


class Box:
    """A lasting box with a line for a line."""

    def __init__(self, mode, name, command, flags):
        self.name, self.work = f"{mode} {name}", folder / f"{mode}-{name}"
        self.work.mkdir()
        environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}
        self.errors = open(self.work.parent / f"{mode}-{name}.err", "wb")
        self.process = subprocess.Popen(
            [options.executable, "run", str(folder / "manifest.json"), "--yes", "--no-audit", "--isolation", mode,
             "--write-path", str(self.work), "--read-path", str(self.work), *flags, "--", *command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, cwd=self.work, env=environment, text=True)
        self.lines = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()
        self.calls, self.slowest, self.first = 0, 0.0, None

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line.strip())
        self.lines.put(None)

    def ask(self, line, patience):
        begun = time.monotonic()
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            answer = self.lines.get(timeout=patience)
        except (OSError, queue.Empty):
            answer = None
        self.calls, self.slowest = self.calls + 1, max(self.slowest, time.monotonic() - begun)
        return answer

    def measure(self):
        place = pathlib.Path(f"/proc/{self.process.pid}")
        status = dict(line.split(":\t", 1) for line in (place / "status").read_text().splitlines() if ":\t" in line)
        now = (int(status["VmRSS"].split()[0]), len(os.listdir(place / "fd")), int(status["Threads"]))
        self.first = self.first or now
        for grown, most, what in zip((b - a for a, b in zip(self.first, now)),
                                     (GROWTH_KB, GROWTH_FILES, GROWTH_THREADS), ("kB", "descriptors", "threads")):
            if grown > most:
                fault(f"{self.name}: the launcher has {grown} {what} more than at the first measurement")
        return now

    def close(self):
        self.process.stdin.close()
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            fault(f"{self.name}: did not end within a minute")


def well_behaved(box):
    turn = 0
    while not over.is_set():
        if paused.is_set():
            time.sleep(0.05)
            continue
        kind = KINDS[turn % len(KINDS)]
        turn += 1
        answer = box.ask(kind, SLOWEST)
        if answer != "ok":
            fault(f"{box.name}: {kind}: {answer or f'no answer in {SLOWEST} s'}")
            if box.process.poll() is not None or answer is None:
                return
        time.sleep(0.005)


def hostile(box, port, closed):
    """Acts and the exit codes that are right. EAGAIN: a thread or process could not be had on a full machine."""
    acts = [
        (["odd_calls", port], 0), (["flood", port, closed], 0), (["crowd", "100", port], 0),
        (["die_waiting", "127.0.0.1", port], 0), (["changing_memory", port], 0), (["full_table", port], 0),
        (["interrupted_renames", str(box.work / "moved")], 0), (["open_read", str(folder / "secret")], (2, 13)),
        (["connect", "127.0.0.1", closed], 13), (["close_all", "127.0.0.1", port], 0), (["fork"], 0),
        (["exhaust_descriptors", port, closed], 0),
    ]
    turn = 0
    while not over.is_set():
        if paused.is_set():
            time.sleep(0.05)
            continue
        words, right = acts[turn % len(acts)]
        turn += 1
        answer = box.ask("\t".join([str(box.work), *words]), 300)
        if answer is None:
            return fault(f"{box.name}: {words[0]}: no answer")
        code = int(answer.removeprefix("="))
        if code not in (right if isinstance(right, tuple) else (right,)):
            fault(f"{box.name}: {words[0]} ended with {code}")


starts = {"count": 0, "slowest": 0.0}


def starting():
    turn = 0
    while not over.is_set():
        mode = ("plain", "namespaces")[turn % 2]
        turn += 1
        begun = time.monotonic()
        ended = subprocess.run(
            [options.executable, "run", str(folder / "manifest.json"), "--yes", "--no-audit", "--isolation", mode,
             "--read-path", str(folder / "small"), "--write-path", str(folder / "small"), "--", "/bin/true"],
            stdin=subprocess.DEVNULL, capture_output=True, cwd=folder / "small")
        starts["count"], starts["slowest"] = starts["count"] + 1, max(starts["slowest"], time.monotonic() - begun)
        if ended.returncode != 0:
            fault(f"a small box in {mode} ended with {ended.returncode}: {ended.stderr.decode()[-200:]}")
        time.sleep(0.2)


def report(boxes, elapsed):
    paused.set()
    time.sleep(3)  # what is under way ends, and idle workers go
    for box in boxes:
        if box.process.poll() is not None:
            fault(f"{box.name}: the launcher has ended with {box.process.returncode}")
            continue
        memory, files, threads = box.measure()
        print(f"{elapsed:6.0f} s  {box.name:20} {memory:6} kB  {files:3} descriptors  {threads:2} threads  "
              f"{box.calls:7} calls, slowest {box.slowest:.2f} s", flush=True)
    print(f"{elapsed:6.0f} s  {starts['count']} small boxes, slowest {starts['slowest']:.2f} s", flush=True)
    paused.clear()


def main():
    (folder / "small").mkdir()
    (folder / "secret").write_text("SECRET")
    (folder / "manifest.json").write_text(
        '{"description": "a soak", "permissions": ["mcp.ac.filesystem.read", "mcp.ac.filesystem.write", "mcp.ac.network.client"]}')
    server = folder / "program" / "server.py"  # the folder of a script is granted with it
    server.parent.mkdir()
    shutil.copy(root / "Tests/Soak/server.py", server)
    port = str(greeter())
    with socket.create_server(("127.0.0.1", 0)) as other:
        closed = str(other.getsockname()[1])  # somebody listens there, and nobody is granted it
        boxes, threads = [], [threading.Thread(target=starting)]
        for mode in ("plain", "namespaces"):
            good = Box(mode, "server", ["/usr/bin/python3", str(server), port, str(folder / "secret")],
                       ["--allow-host", f"127.0.0.1:{port}"])
            bad = Box(mode, "hostile", [options.victim, "series"], ["--allow-host", f"127.0.0.1:{port}"])
            boxes += [good, bad]
            threads += [threading.Thread(target=well_behaved, args=(good,)), threading.Thread(target=hostile, args=(bad, port, closed))]
        for thread in threads:
            thread.start()
        begun, pause = time.monotonic(), max(5.0, min(60.0, options.seconds / 5))
        print(f"soak: {options.seconds} s, measured every {pause:.0f} s", flush=True)
        next_report = pause
        while (elapsed := time.monotonic() - begun) < options.seconds:
            time.sleep(min(1.0, max(0.0, options.seconds - elapsed)))
            if time.monotonic() - begun >= next_report:
                report(boxes, time.monotonic() - begun)
                next_report += pause
        report(boxes, time.monotonic() - begun)
        over.set()
        for thread in threads:
            thread.join(400)
        for box in boxes:
            box.close()
    left = subprocess.run(["pgrep", "-f", str(folder)], capture_output=True, text=True).stdout.split()
    if left:
        fault(f"left running: {left}")
    shutil.rmtree(folder, ignore_errors=True)
    print(f"soak: {len(faults)} faults")
    return 1 if faults else 0


signal.signal(signal.SIGPIPE, signal.SIG_IGN)
sys.exit(main())
