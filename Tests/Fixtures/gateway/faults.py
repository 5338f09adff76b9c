"""One fault at a time between a client, the gateway and a server: faults.py CASE -- LAUNCHER WORDS...

The words are the launcher's command line up to where the server's stands; {policy} is a policy that refuses `rm`. Exits with
1 and says why when the gateway does not do what docs/gateway.md says.
"""
import json
import os
import pathlib
import resource
import select
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
PATIENCE = 120  # seconds; only a hang takes so long
folder = pathlib.Path(tempfile.mkdtemp(prefix="agentbound-faults-"))
os.chmod(folder, 0o755)
(folder / "policy.json").write_text('{"version": 1, "default": "allow", "rules": [{"id": "no-rm", "effect": "deny", "tools": ["*.rm"]}]}')
(folder / "empty.json").write_text('{"description": "a test", "permissions": []}')
words = [word.replace("{policy}", str(folder / "policy.json")).replace("{manifest}", str(folder / "empty.json"))
         for word in sys.argv[sys.argv.index("--") + 1:]]


def call(number, tool, **arguments):
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": "tools/call",
                       "params": {"name": tool, "arguments": arguments}}).encode() + b"\n"


class Gate:
    def __init__(self, *more, server=(), stderr=None, limit=None):
        self.errors = open(folder / "errors", "wb") if stderr is None else stderr

        def limited():
            if limit:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        self.process = subprocess.Popen(
            [*words, *more, "--", "/usr/bin/python3", "-B", str(HERE / "server.py"), *server], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=self.errors, bufsize=0, cwd=folder, preexec_fn=limited if limit else None)
        self.rest = b""

    def send(self, data):
        self.process.stdin.write(data) if len(data) < 4096 else self._send(data)

    def _send(self, data):
        done = 0
        while done < len(data):
            done += os.write(self.process.stdin.fileno(), data[done : done + 65536])

    def line(self):
        while b"\n" not in self.rest:
            assert select.select([self.process.stdout], [], [], PATIENCE)[0], "no answer"
            part = os.read(self.process.stdout.fileno(), 65536)
            if not part:
                return None
            self.rest += part
        line, self.rest = self.rest.split(b"\n", 1)
        return json.loads(line)

    def ask(self, number, tool, **arguments):
        self.send(call(number, tool, **arguments))
        return self.line()

    def end(self):
        self.process.stdin.close()
        return self.process.wait(PATIENCE)

    def said(self):
        return (folder / "errors").read_text(errors="replace")

    def memory(self):
        """The most that the launcher had resident, in MB."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return next(int(row.split()[1]) for row in file if row.startswith("VmHWM")) / 1024


def text(answer):
    return answer["result"]["content"][0]["text"]


def denied():
    gate = Gate()
    answer = gate.ask(1, "rm")
    assert answer.get("result", {}).get("isError") is True and "policy" in text(answer), answer
    assert text(gate.ask(2, "ls")).startswith("ok")
    assert gate.end() == 0


def redacted():
    policy = folder / "redacting.json"
    policy.write_text(json.dumps({
        "version": 1, "default": "allow", "redaction": {"emails": True},
        "rules": [{"id": "cut", "effect": "redact", "tools": ["*.echo"], "redact": ["pin"]}]}))
    gate = Gate("--policy", str(policy))
    said = text(gate.ask(1, "echo", pin="1234", to="ann@example.com", rest=[1.50, "kept"]))
    assert "1234" not in said and "ann@" not in said and "bob@" not in said and "kept" in said, said
    assert gate.end() == 0


def dies():
    gate = Gate()
    assert text(gate.ask(1, "ls")).startswith("ok")
    gate.send(call(2, "die") + call(3, "ls"))
    answers = sorted((gate.line() for _ in range(2)), key=lambda answer: answer["id"])
    assert [answer["error"]["code"] for answer in answers] == [-31503, -31503], answers
    assert gate.line() is None, "no end of file"
    assert gate.process.wait(PATIENCE) == 7


def crashes():
    gate = Gate()
    answer = gate.ask(1, "crash")
    assert answer["id"] == 1 and answer["error"]["code"] == -31503, answer
    assert gate.line() is None
    assert gate.process.wait(PATIENCE) == 137


def half():
    gate = Gate()
    gate.send(call(1, "ls")[:-20])
    gate.process.stdin.close()
    answer = gate.line()
    assert answer["error"]["code"] == -32700, answer
    assert gate.line() is None and gate.process.wait(PATIENCE) == 0
    # A whole message without its end is one.
    gate = Gate()
    gate.send(call(1, "ls")[:-1])
    gate.process.stdin.close()
    assert text(gate.line()).startswith("ok")
    assert gate.process.wait(PATIENCE) == 0


def large():
    gate = Gate()
    before = gate.ask(1, "ls") and gate.memory()
    data = b"x" * (1 << 20)
    gate.send(b'{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"ls","arguments":{"x":"')
    for _ in range(200):
        gate.send(data)
    gate.send(b'"}}}\n')
    answer = gate.line()
    assert answer["id"] == 2 and answer["error"]["code"] == -32600, answer
    assert text(gate.ask(3, "ls")).startswith("ok")
    assert gate.memory() < before + 200, f"{gate.memory()} MB"
    size = len(call(4, "ls", x="y" * 20_000_000))
    assert text(gate.ask(4, "ls", x="y" * 20_000_000)) == f"ok {size}"
    assert gate.end() == 0


def errors():
    # A pipe that nobody reads: the server must not stand still.
    reading, writing = os.pipe()
    gate = Gate(stderr=writing)
    os.close(writing)
    assert text(gate.ask(1, "chatter")).startswith("ok")
    assert text(gate.ask(2, "ls")).startswith("ok")
    said = os.read(reading, 1 << 20)
    while b"bytes of the server's standard error were dropped" not in said:
        assert select.select([reading], [], [], PATIENCE)[0], "no note about what was dropped"
        said += os.read(reading, 1 << 20)
    gate.process.stdin.close()
    os.close(reading)
    assert gate.process.wait(PATIENCE) == 0


def unread():
    gate = Gate()
    assert text(gate.ask(1, "ls")).startswith("ok")
    before = gate.memory()
    gate.send(call(2, "flood"))
    time.sleep(2)  # the server fills all that there is to fill
    assert gate.memory() < before + 24, f"{gate.memory()} MB, {before} before"
    for number in range(50_000):
        assert gate.line()["params"]["data"] == number
    assert gate.line()["id"] == 2
    assert gate.memory() < before + 24, f"{gate.memory()} MB, {before} before"
    assert gate.end() == 0


def gone():
    gate = Gate()
    assert text(gate.ask(1, "ls")).startswith("ok")
    gate.process.stdout.close()
    gate.send(call(2, "flood"))
    gate.process.wait(PATIENCE)


def deaf():
    gate = Gate("--grace", "0.2", server=["deaf"])
    assert text(gate.ask(1, "ls")).startswith("ok")
    assert gate.end() == 137


def noise():
    gate = Gate()
    assert text(gate.ask(1, "noise")).startswith("ok")
    assert gate.end() == 0
    assert "this is no JSON" in gate.said(), gate.said()


def orphans():
    gate = Gate()
    assert text(gate.ask(1, "orphan")).startswith("ok")

    def left():
        found = subprocess.run(["pgrep", "-x", "-f", "sleep 1000"], capture_output=True, text=True).stdout.split()
        # Of this case alone: their working directory is its folder. Others belong to somebody else, or are gone by now.
        return [pid for pid in found if folder_of(pid) == str(folder)]

    def folder_of(pid):
        try:
            return os.readlink(f"/proc/{pid}/cwd")
        except OSError:
            return None

    # A program that has just been exec'ed has no command line for a moment.
    until = time.monotonic() + PATIENCE
    while not left():
        assert time.monotonic() < until, "no orphan to be ended"
        time.sleep(0.01)
    assert gate.end() == 0
    assert not left(), left()


def unrecorded():
    """The disk with the audit trail is full."""
    for more, passes in [([], False), (["--fail", "open"], True)]:
        journal = folder / f"journal-{passes}.jsonl"
        gate = Gate("--audit", str(journal), *more, limit=8_192)
        answers = [gate.ask(number, "ls") for number in range(40)]
        assert text(answers[0]).startswith("ok"), answers[0]
        assert text(answers[-1]).startswith("ok") == passes, answers[-1]
        assert ("isError" in answers[-1]["result"]) != passes
        assert gate.end() == 0
        assert "can be recorded" in gate.said(), gate.said()


def recorded():
    journal = folder / "journal.jsonl"
    gate = Gate("--audit", str(journal))
    gate.ask("a", "rm", path="/secret")
    # On the disk before it goes on.
    gate.ask(2, "ls")
    events = [json.loads(line) for line in journal.read_text().splitlines()]
    tools = [event for event in events if event["kind"] == "tool"]
    assert [(event["detail"]["tool"], event["decision"]) for event in tools] == [("rm", "deny"), ("ls", "allow")], tools
    assert tools[0]["detail"]["request"] == "a" and tools[0]["detail"]["number"] == 1, tools[0]
    assert len(tools[0]["detail"]["arguments"]) == 64 and "/secret" not in journal.read_text()
    assert gate.end() == 0


if __name__ == "__main__":
    try:
        globals()[sys.argv[1]]()
    finally:
        for path in sorted(folder.rglob("*"), reverse=True):
            path.unlink()
        folder.rmdir()
