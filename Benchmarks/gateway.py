"""What a gateway adds to a tool call, beside the peers from PyPI where they are installed. A part of bench.py.

    gateway.py EXECUTABLE [--peers VENV] [--quick]
"""

import argparse
import glob
import json
import os
import statistics
import subprocess
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = ("mcp-gate", "agentperms")
HELLO = {
    "jsonrpc": "2.0", "id": 0, "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}},
}


def call(number, size):
    """A tools/call of about `size` bytes."""
    frame = '{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"echo","arguments":{"text":"%s"}}}\n'
    words = "some words of a text that a model wrote, and then some more of them; "
    text = words * (size // len(words) + 1)
    return (frame % (number, text[: max(1, size - len(frame % (number, "")))])).encode()


class Server:
    """A server behind one variant of gateway, with its ends as descriptors."""

    def __init__(self, line, folder):
        self.process = subprocess.Popen(
            line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0, cwd=folder)
        self.input, self.output = self.process.stdin.fileno(), self.process.stdout.fileno()
        self.number = 0

    def trip(self, size):
        """Microseconds of one call."""
        self.number += 1
        took, answer = self.exchange(call(self.number, size))
        if b'"ok"' not in answer:
            raise SystemExit(f"bench: {answer[:200]!r}")
        return took

    def exchange(self, line):
        """Microseconds from a line to its answer, and the answer."""
        begun = time.perf_counter()
        done = 0
        while done < len(line):
            done += os.write(self.input, line[done:])
        answer = b""
        while not answer.endswith(b"\n"):
            answer += os.read(self.output, 65536)
        return (time.perf_counter() - begun) * 1e6, answer

    def pipelined(self, count):
        """Calls a second when nobody waits for an answer before the next call."""
        first = self.number + 1
        self.number += count
        lines = b"".join(call(first + number, 200) for number in range(count))

        def write():
            done = 0
            while done < len(lines):
                done += os.write(self.input, lines[done : done + 65536])

        writer = threading.Thread(target=write)
        begun = time.perf_counter()
        writer.start()
        answers = 0
        while answers < count:
            part = os.read(self.output, 1 << 18)
            if not part:
                raise SystemExit("bench: the gateway ended")
            answers += part.count(b"\n")
        took = time.perf_counter() - begun
        writer.join()
        return count / took

    def processor_time(self):
        """Milliseconds that the process has had so far."""
        total = 0
        for file in glob.glob(f"/proc/{self.process.pid}/task/*/schedstat"):
            with open(file, encoding="ascii") as row:
                total += int(row.read().split()[0])
        return total / 1e6

    def memory(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            fields = dict(row.split(":", 1) for row in file if ":" in row)
        return int(fields["VmRSS"].split()[0]) / 1024, int(fields["VmHWM"].split()[0]) / 1024

    def end(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()


def lines(executable, folder, peers, echo):
    """Variant -> command line."""
    policy, manifest = os.path.join(folder, "policy.json"), os.path.join(folder, "nothing.json")
    with open(policy, "w", encoding="utf-8") as file:
        json.dump({"version": 1, "default": "allow"}, file)
    with open(manifest, "w", encoding="utf-8") as file:
        json.dump({"description": "a benchmark", "permissions": []}, file)
    audit = ["--audit", os.path.join(folder, "journal.jsonl")]
    found = {
        "direct": [echo],
        "direct, durable": [echo, os.path.join(folder, "record")],
        "gate": [executable, "gate", "--policy", policy, *audit, "--", echo],
        "gate, no audit": [executable, "gate", "--policy", policy, "--no-audit", "--", echo],
        "run --policy": [executable, "run", manifest, "--yes", "--policy", policy, *audit, "--", echo],
    }
    if peers:
        gate = os.path.join(folder, "mcp-gate.yaml")
        with open(gate, "w", encoding="utf-8") as file:
            file.write("name: bench\nversion: '1'\ndefault_effect: allow\nrules: []\n")
        found["mcp-gate"] = [
            os.path.join(peers, "bin/mcp-gate"), "run", "--policy", gate, "--audit",
            os.path.join(folder, "mcp-gate.jsonl"), "--", echo,
        ]
        perms = os.path.join(folder, "mcp.policy.yaml")
        with open(perms, "w", encoding="utf-8") as file:
            file.write("version: 1\n")
        found["agentperms"] = [
            os.path.join(peers, "bin/agentperms"), "_proxy", "--mode", "enforce", "--server", "bench", "--policy", perms,
            "--", echo,
        ]
    return found


def spread(samples):
    ordered = sorted(samples)
    return {"p50": statistics.median(ordered), "p99": ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]}


def trips(servers, size, rounds, folder):
    """Interleaved, so that every variant has the same machine; and with them a record and its fdatasync, alone."""
    samples = {name: [] for name in servers}
    samples["one fdatasync"] = []
    with open(os.path.join(folder, "alone"), "ab", buffering=0) as file:
        for number in range(rounds):
            for name, server in servers.items():
                samples[name].append(server.trip(size))
            begun = time.perf_counter()
            file.write(b"x" * 537 + b"\n")
            os.fdatasync(file.fileno())
            samples["one fdatasync"].append((time.perf_counter() - begun) * 1e6)
    return {name: spread(found) for name, found in samples.items()}


def starts(found, folder, rounds):
    """Milliseconds until the first answer."""
    samples = {name: [] for name in found}
    for _ in range(rounds):
        for name, line in found.items():
            begun = time.perf_counter()
            server = Server(line, folder)
            server.trip(200)
            samples[name].append((time.perf_counter() - begun) * 1e3)
            server.end()
    return {name: spread(times) for name, times in samples.items()}


def measure(executable, peers=None, quick=False):
    folder = tempfile.mkdtemp(prefix="agentbound-gateway-", dir=os.environ.get("AGENTBOUND_BENCH_FOLDER"))
    echo = os.path.join(folder, "echo")
    subprocess.run(["gcc", "-O2", "-o", echo, os.path.join(HERE, "echo.c")], check=True)
    found = lines(executable, folder, peers, echo)
    few = 10 if quick else 1
    results = {"start to first answer, ms": starts(found, folder, 20 // min(few, 4))}
    servers = {name: Server(line, folder) for name, line in found.items()}
    for server in servers.values():
        for _ in range(5):
            server.trip(200)
    results["call of 200 bytes, us"] = trips(servers, 200, 2000 // few, folder)
    results["call of 100 kB, us"] = trips(servers, 100_000, 40 // min(few, 4), folder)
    ours = {name: server for name, server in servers.items() if name not in PEERS}
    results["call of 4 MB, us"] = trips(ours, 4_000_000, 20 // min(few, 4), folder)
    rates = {name: [] for name in servers}
    for _ in range(3):
        for name, server in servers.items():
            rates[name].append(server.pipelined(2000 if name not in ours else 100_000 // few))
    results["pipelined, calls a second"] = {name: {"p50": statistics.median(rate)} for name, rate in rates.items()}
    million = servers["gate, no audit"]
    for _ in range(10):
        million.pipelined(100_000)
    resident, peak = million.memory()
    results["memory after a million calls, MB"] = {"gate, no audit": {"p50": resident, "peak": peak}}
    for server in servers.values():
        server.end()
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("executable")
    parser.add_argument("--peers", help="a virtual environment with mcp-gate-policy and agentperms")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    for title, rows in measure(os.path.abspath(arguments.executable), arguments.peers, arguments.quick).items():
        print(title)
        for name, row in rows.items():
            print(f"  {name:<18}" + "  ".join(f"{key} {value:12.1f}" for key, value in row.items()))


if __name__ == "__main__":
    main()
