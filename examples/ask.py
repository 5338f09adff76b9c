"""A small MCP client for the examples: starts a server, calls tools, prints what comes back.

    ask.py TOOL=ARGUMENTS... -- COMMAND [ARG...]

ARGUMENTS is a JSON object, or nothing. The official client is `pip install mcp`; this one needs no packages.
Exits with 0 when every call was answered, failed ones included, and with 1 when the server went away.
"""

import json
import subprocess
import sys

split = sys.argv.index("--")
calls, command = sys.argv[1:split], sys.argv[split + 1 :]
server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def send(message):
    server.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    server.stdin.flush()


def ask(number, method, parameters):
    try:
        send({"id": number, "method": method, "params": parameters})
        answer = json.loads(server.stdout.readline())
    except (BrokenPipeError, json.JSONDecodeError):
        sys.exit(f"ask: the server ended with code {server.wait()}")
    if "error" in answer:
        sys.exit(f"ask: {answer['error']['message']}")
    return answer["result"]


client = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "ask", "version": "1"}}
ask(0, "initialize", client)
send({"method": "notifications/initialized"})
names = [tool["name"] for tool in ask(1, "tools/list", {})["tools"]]
print("tools:", ", ".join(names), flush=True)
for number, call in enumerate(calls, start=2):
    tool, _, arguments = call.partition("=")
    result = ask(number, "tools/call", {"name": tool, "arguments": json.loads(arguments or "{}")})
    said = "\n".join(part["text"] for part in result["content"])
    print(f"{tool} {arguments}".strip(), "->", "failed:" if result["isError"] else "answered:", flush=True)
    print("    " + said.strip().replace("\n", "\n    "), flush=True)
server.stdin.close()
sys.exit(server.wait())
