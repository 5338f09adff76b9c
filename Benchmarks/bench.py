"""What a box costs: medians of paired, interleaved runs. See README.md beside this file."""

import argparse
import atexit
import glob
import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import tempfile
import time

import engine
import gateway
import sources
from variants import BARE, BOXED, DIRECT, Variants

HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = "/usr/bin/python3"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8"}


def interleaved(names, rounds, measure):
    """One dictionary a round: variant -> what `measure` returned. The order turns, so nobody is always first."""
    results = []
    for number in range(rounds):
        turn = number % len(names)
        order = names[turn:] + names[:turn]
        results.append({name: measure(name) for name in order})
    return results


def summary(results, unit):
    """Medians, and what each variant adds to the bare run of the same round."""
    table = {"unit": unit, "rounds": len(results), "variants": {}}
    for name in results[0]:
        row = {"median": statistics.median(result[name] for result in results)}
        if name != BARE and BARE in results[0]:
            row["added"] = statistics.median(result[name] - result[BARE] for result in results)
            row["ratio"] = statistics.median(result[name] / result[BARE] for result in results)
        table["variants"][name] = row
    return table


class Bench:
    def __init__(self, executable, packages, rounds):
        self.folder = tempfile.mkdtemp(prefix="agentbound-bench-")
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        os.chmod(self.folder, 0o755)
        self.variants = Variants(executable, self.folder)
        self.executable = executable
        self.packages = packages
        self.rounds = rounds
        self.peers = None
        self._manifest("nothing.json", [])
        self._manifest("operations.json", ["filesystem.read", "filesystem.write", "network.client", "network.server"])

    def _manifest(self, name, permissions):
        names = [f"mcp.ac.{permission}" for permission in permissions]
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            json.dump({"description": "a benchmark", "permissions": names}, file)

    def _start(self, command):
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT, text=True, cwd=self.folder
        )

    # Wall time of whole runs.

    def _wall(self, command):
        """Milliseconds from the call that starts it until it has ended."""
        actions = [(os.POSIX_SPAWN_OPEN, number, "/dev/null", os.O_RDWR, 0) for number in (0, 1)]
        begun = time.perf_counter()
        child = os.posix_spawn(command[0], command, ENVIRONMENT, file_actions=actions)
        _, status = os.waitpid(child, 0)
        took = (time.perf_counter() - begun) * 1e3
        if status != 0:
            raise SystemExit(f"bench: {' '.join(command)} ended with status {status}")
        return took

    def _walls(self, command, rounds, *, explained=False):
        names = self.variants.available(explained=explained)
        lines = {name: self.variants.command(name, command, manifest="nothing.json") for name in names}
        for line in lines.values():
            self._wall(line)  # once for the caches
        return summary(interleaved(names, rounds, lambda name: self._wall(lines[name])), "ms")

    def start(self):
        return {"/bin/true, start to end": self._walls(["/bin/true"], self.rounds)}

    # A real server.

    def _server_lines(self):
        command = [os.path.join(self.packages, "bin/mcp-server-time"), "--local-timezone", "UTC"]
        names = self.variants.available()
        readable = [self.packages]
        return {
            name: self.variants.command(name, command, manifest="nothing.json", readable=readable) for name in names
        }

    def _greet(self, line):
        """A server that has answered `initialize`, and the milliseconds until then."""
        client = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}}
        request = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": client}
        begun = time.perf_counter()
        server = self._start(line)
        server.stdin.write(json.dumps(request) + "\n")
        server.stdin.flush()
        answer = server.stdout.readline()
        took = (time.perf_counter() - begun) * 1e3
        if '"result"' not in answer:
            raise SystemExit(f"bench: {' '.join(line)} gave no answer: {answer!r}")
        return server, took

    def _until_answer(self, line):
        server, took = self._greet(line)
        server.communicate()
        return took

    def server(self):
        lines = self._server_lines()
        for line in lines.values():
            self._until_answer(line)
        results = interleaved(list(lines), max(5, self.rounds // 10), lambda name: self._until_answer(lines[name]))
        return {"mcp-server-time, start to first answer": summary(results, "ms")}

    def memory(self):
        resident, peak = {}, {}
        for name, line in self._server_lines().items():
            if name not in BOXED:
                continue
            server, _ = self._greet(line)
            with open(f"/proc/{server.pid}/status", encoding="ascii") as file:
                fields = dict(row.split(":", 1) for row in file if ":" in row)
            server.communicate()
            resident[name] = int(fields["VmRSS"].split()[0]) / 1024
            peak[name] = int(fields["VmHWM"].split()[0]) / 1024
        return {"launcher, VmRSS": summary([resident], "MB"), "launcher, VmHWM": summary([peak], "MB")}

    # Operations inside a running program.

    def _workers(self, names, port):
        workers = {}
        for name in names:
            path = os.path.join(self.folder, f"{name}.txt")
            with open(path, "wb") as file:
                file.write(b"x" * 100)
            listen_port = free_port()
            command = [PYTHON, "-I", os.path.join(HERE, "operations.py"), path, str(port), str(listen_port)]
            options = ["--read-path", path, "--write-path", path, "--allow-host", f"127.0.0.1:{port}"]
            options += ["--listen-port", str(listen_port)]
            line = self.variants.command(name, command, manifest="operations.json", options=options)
            workers[name] = self._start(line)
            if workers[name].stdout.readline() != "ready\n":
                raise SystemExit(f"bench: {' '.join(line)} did not start")
        return workers

    def _operation(self, workers, operation, rounds, count=1_000):
        def once(name):
            worker = workers[name]
            worker.stdin.write(f"{operation} {count}\n")
            worker.stdin.flush()
            return int(worker.stdout.readline()) / count / 1e3

        for name in workers:
            once(name)
        return summary(interleaved(list(workers), rounds, once), "us")

    def _with_workers(self, names, operations):
        service = self._start([PYTHON, "-I", os.path.join(HERE, "operations.py"), "serve"])
        workers = self._workers(names, int(service.stdout.readline()))
        rounds = max(5, self.rounds // 20)
        results = {title: self._operation(workers, name, rounds) for title, name in operations.items()}
        for worker in workers.values():
            worker.communicate()
        service.kill()
        service.communicate()
        return results

    def operations(self):
        operations = {
            "file read": "read",
            "file write": "write",
            "environment read": "environment",
            "fetch from loopback": "fetch",
            "one notified call": "notified",
        }
        return self._with_workers([BARE, *BOXED], operations)

    def explain(self):
        results = self._with_workers(self.variants.available(explained=True), {"file read, refusals reported": "read"})
        walls = self._walls([PYTHON, "-I", "-c", "import json, socket"], max(5, self.rounds // 5), explained=True)
        return {**results, "Python, start to end": walls}

    def closed(self):
        """What it costs that protected names stay closed inside a granted folder: the supervisor opens the files there."""
        tree = os.path.join(self.folder, "tree")
        for number in range(500):
            folder = os.path.join(tree, f"folder-{number}")
            os.makedirs(folder)
            for name in range(100):
                with open(os.path.join(folder, f"file-{name}.txt"), "wb") as file:
                    file.write(b"x" * 100)
        options = ["--read-path", tree, "--write-path", tree]
        names = [BARE, *DIRECT, *BOXED]
        walk = os.path.join(HERE, "walk.py")
        server = [os.path.join(self.packages, "bin/mcp-server-time"), "--local-timezone", "UTC"]
        results = {}
        for title, command, rounds, measure in [
            ("walk of 50,000 files, each read", [PYTHON, "-I", walk, tree], 5, self._wall),
            ("Python, start to end, a folder granted", [PYTHON, "-I", "-c", "import json, socket"], 20, self._wall),
            ("node, start to end, a folder granted", [shutil.which("node"), "-e", "0"], 20, self._wall),
            ("mcp-server-time, to first answer, a folder granted", server, 10, self._until_answer),
        ]:
            if command[0] is None:
                continue
            lines = {
                name: self.variants.command(name, command, manifest="operations.json", options=options)
                for name in names
            }
            for line in lines.values():
                measure(line)
            rounds = max(5, self.rounds * rounds // 200)
            results[title] = summary(interleaved(names, rounds, lambda name: measure(lines[name])), "ms")
        shutil.rmtree(tree)
        return results

    def gateway(self):
        """What a policy in front of a server adds to its calls."""
        results = gateway.measure(self.executable, self.peers, quick=self.rounds < 100)
        return gateway_tables(results, self.peers)

    def engine(self):
        """Deciding, scanning and verifying by themselves."""
        results = engine.measure(self.executable, quick=self.rounds < 100)
        tables = {}
        for title, rows in results.items():
            name, _, unit = title.rpartition(", ")
            tables[name] = {"unit": unit, "rounds": 1, "variants": {row: {"median": value} for row, value in rows.items()}}
        return tables

    def generate(self):
        """What reading sources takes: real servers as they were published, and 200 MB all of which is read."""
        rounds = max(5, self.rounds // 10)
        site = glob.glob(os.path.join(self.packages, "lib", "python3*", "site-packages"))[0]
        servers = {name: os.path.join(site, name) for name in ("mcp_server_time", "mcp_server_fetch")}
        times = interleaved(list(servers), rounds, lambda name: sources.draft(self.executable, servers[name])[0] * 1e3)
        size = sources.tree(self.folder, site, 200) / 1e6
        runs = [sources.draft(self.executable, self.folder) for _ in range(3)]
        rates = [{"read": size / seconds} for seconds, _ in runs]
        memory = [{"at the most": megabytes} for _, megabytes in runs]
        return {
            "generate, start to end": summary(times, "ms"),
            f"generate, {size:.0f} MB of Python": summary(rates, "MB/s"),
            f"generate, memory for {size:.0f} MB": summary(memory, "MB"),
        }


def gateway_tables(results, peers):
    """The figures of gateway.py as tables: medians, and the hundredth that is slowest."""
    tables = {}
    for title, rows in results.items():
        name, _, unit = title.rpartition(", ")
        for key, words in [("p50", name), ("p99", f"{name}, 99th percentile"), ("peak", f"{name}, at the most")]:
            variants = {variant: {"median": row[key]} for variant, row in rows.items() if key in row}
            if variants:
                tables[words] = {"unit": unit, "rounds": 1, "variants": variants}
    if not peers:
        print("no --peers: no comparison with other gateways")
    return tables


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = [line.split(":", 1)[1].strip() for line in file if line.startswith(("model name", "CPU part"))]
    return {
        "cpu": models[0] if models else platform.machine(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "user": "root" if os.getuid() == 0 else "an ordinary user",
        "load": os.getloadavg()[0],
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def show(results):
    for title, table in results.items():
        print(f"\n{title} (median of {table['rounds']}, {table['unit']})")
        for name, row in table["variants"].items():
            line = f"  {name:<20}{row['median']:>10.3f}"
            if "added" in row:
                line += f"   added {row['added']:>9.3f}   x {row['ratio']:.2f}"
            print(line, flush=True)


def main():
    sections = ["start", "server", "memory", "operations", "explain", "closed", "generate", "gateway", "engine"]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("executable")
    parser.add_argument("packages", help="a virtual environment with mcp-server-time")
    parser.add_argument("--rounds", type=int, default=200, help="of the shortest runs; longer ones get fewer")
    parser.add_argument("--only", choices=sections, action="append")
    parser.add_argument("--peers", help="a virtual environment with mcp-gate-policy and agentperms, to compare with")
    parser.add_argument("--json", help="write the figures to this file too")
    arguments = parser.parse_args()

    bench = Bench(os.path.abspath(arguments.executable), os.path.abspath(arguments.packages), arguments.rounds)
    bench.peers = arguments.peers
    report = {"machine": machine(), "results": {}}
    print(", ".join(f"{key} {value}" for key, value in report["machine"].items()))
    if not bench.variants.bwrap:
        print("bwrap is not installed: no comparison with it")
    for section in arguments.only or sections:
        results = getattr(bench, section)()
        show(results)
        report["results"].update(results)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump(report, file, indent=2)
            file.write("\n")


main()
