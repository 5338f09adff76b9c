"""The official MCP client sends an agent's token in `_meta` of its calls, through `gate` to a real server.

    tokens.py --launcher PATH --programs DIR

Run with the Python of a venv: SDK 1 speaks the era of `initialize`, SDK 2 that of 2026-07-28. The calls that the token's role opens
work, others are refused, and what the server got holds no token. Says what is wrong and exits with 1, or exits with 0.
"""
import argparse
import asyncio
import json
import pathlib
import subprocess
import sys

import mcp
from mcp import ClientSession, StdioServerParameters, stdio_client

from scene import Scene

KEY = "dev.agentbound/agent-token"
CALL = ("convert_time", {"source_timezone": "UTC", "time": "12:00", "target_timezone": "Asia/Tokyo"})
LIMIT = 120  # seconds for one answer


async def talk(command, scene, metas):
    """-> for each `_meta` what the call was answered with"""
    parameters = StdioServerParameters(
        command=command[0], args=command[1:], env=scene.environment(), cwd=scene.work)

    async def ask(session):
        await asyncio.wait_for(session.list_tools(), LIMIT)
        answers = []
        for meta in metas:
            answer = await asyncio.wait_for(session.call_tool(*CALL, meta=meta), LIMIT)
            answers.append("\n".join(part.text for part in answer.content))
        return answers

    if hasattr(mcp, "Client"):
        async with mcp.Client(parameters) as client:
            return await ask(client)
    with open(scene.root / "errors", "a", encoding="utf-8") as log:
        async with stdio_client(parameters, errlog=log) as streams, ClientSession(*streams) as session:
            await asyncio.wait_for(session.initialize(), LIMIT)
            return await ask(session)


async def run(arguments, problems):
    with Scene(arguments.programs) as scene:
        def agentbound(*words):
            return subprocess.run(
                [arguments.launcher, *words], env=scene.environment(), check=True, capture_output=True, text=True
            ).stdout.strip()

        policy, key = scene.root / "policy.json", scene.root / "agents.key"
        # Without its role nobody sees the tool: the list is asked for by nobody, and may be.
        policy.write_text(json.dumps({"version": 1, "default": "deny", "rules": [
            {"effect": "allow", "tools": ["clock.convert_time"], "roles": ["teller"]}]}))
        agentbound("identity", "keygen", str(key))
        token = [agentbound("identity", "token", "--key", str(key), "--server", server, "--agent", "ann", "--role", role)
                 for server, role in [("clock", "teller"), ("clock", "other"), ("mail", "teller")]]
        tee = [sys.executable, "-B", str(pathlib.Path(__file__).parent / "tee.py"), str(scene.root / "server")]
        line = [arguments.launcher, "gate", "--policy", str(policy), "--name", "clock", "--agent-key", f"{key}.pub", "--",
                *tee, str(arguments.programs / "venv" / "bin" / "mcp-server-time")]
        metas = [({KEY: token[0]}, "+9.0h"), ({KEY: token[1]}, "refused"), ({KEY: token[2]}, "another server"),
                 ({KEY: token[0][:-3]}, "proves nothing"), (None, "refused"), ({"example.org/other": 1, KEY: token[0]}, "+9.0h")]
        answers = await talk(line, scene, [meta for meta, _ in metas])
        for (meta, expected), answer in zip(metas, answers, strict=True):
            if expected not in answer:
                problems.append(f"{meta}: {answer}")
        got = (scene.root / "server.in").read_bytes()
        for part in [KEY, *token[0].split("."), *token[1].split(".")]:
            if part.encode() in got:
                problems.append(f"the server got {part}")
        calls = [message for message in map(json.loads, got.splitlines()) if message.get("method") == "tools/call"]
        if len(calls) != 2 or "example.org/other" not in calls[1]["params"]["_meta"]:
            problems.append(f"the server got {calls}")
        modern = "io.modelcontextprotocol/protocolVersion" in calls[0]["params"].get("_meta", {})
        if modern != hasattr(mcp, "Client"):
            problems.append(f"another era than was meant: {calls}")
        journal = agentbound("audit", "list", "--jsonl")
        if '"agent":"ann"' not in journal or any(part in journal for one in token for part in one.split(".")):
            problems.append("the journal has no agent, or a token")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--launcher", required=True)
    parser.add_argument("--programs", required=True, type=pathlib.Path)
    arguments = parser.parse_args()
    problems = []
    asyncio.run(run(arguments, problems))
    print("\n".join(problems), file=sys.stderr)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
