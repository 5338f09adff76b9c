"""A server that answers `tools/call` by the tool's name, also badly. Its answer says ok and the number of bytes it got."""
import base64
import json
import os
import signal
import subprocess
import sys
import time

if "deaf" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def say(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


for line in sys.stdin.buffer:
    message = json.loads(line)
    if "id" not in message:
        continue
    tool = message.get("params", {}).get("name", message.get("method"))
    if tool == "die":
        sys.exit(7)
    if tool == "crash":
        sys.stdout.write('{"jsonrpc":"2.0","id":')
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGKILL)
    if tool == "chatter":
        os.write(2, b"x" * 79 + b"\n")
        sys.stderr.write(("y" * 79 + "\n") * 50_000)
        sys.stderr.flush()
    if tool == "flood":
        for number in range(50_000):
            say({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": number, "x": "y" * 1_000}})
    if tool == "orphan":
        subprocess.Popen(["sleep", "1000"], start_new_session=True, stdin=subprocess.DEVNULL)
    if tool == "noise":
        sys.stdout.write("Listening...\n")
    if tool == "raw":
        text = line.decode()
        say({"jsonrpc": "2.0", "id": message["id"], "result": {"content": [{"type": "text", "text": text}]}})
        continue
    if tool == "echo":
        line = json.dumps(message["params"]["arguments"]) + " bob@example.com"
        say({"jsonrpc": "2.0", "id": message["id"], "result": {"content": [{"type": "text", "text": line}]}})
        continue
    if tool == "answer":
        # Whatever the arguments hold, as members of the answer; encoded, so that nothing is taken out of it on its way here.
        said = json.loads(base64.b64decode(message["params"]["arguments"]["members"]))
        say({"jsonrpc": "2.0", "id": message["id"], **said})
        continue
    if tool == "tell":
        # The same as a notification of the server's own.
        say({"jsonrpc": "2.0", **json.loads(base64.b64decode(message["params"]["arguments"]["members"]))})
        say({"jsonrpc": "2.0", "id": message["id"], "result": {"content": []}})
        continue
    if tool == "fail":
        say({"jsonrpc": "2.0", "id": message["id"], "error": {"code": 1, "message": "bob@example.com is busy"}})
        continue
    if tool == "spy":
        found = []
        for name in ("environ", "mem", "fd/0"):
            try:
                open(f"/proc/{os.getppid()}/{name}", "rb").close()
                found.append(name)
            except OSError:
                pass
        has = [name for name in ("PATH", "AGENTBOUND_AGENT_TOKEN") if name.encode() in open("/proc/self/environ", "rb").read()]
        text = f"open: {found}, has: {has}"
        say({"jsonrpc": "2.0", "id": message["id"], "result": {"content": [{"type": "text", "text": text}]}})
        continue
    say({"jsonrpc": "2.0", "id": message["id"], "result": {"content": [{"type": "text", "text": f"ok {len(line)}"}]}})
if "deaf" in sys.argv:
    time.sleep(1000)
