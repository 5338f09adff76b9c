"""The official MCP client with a real server, directly and through a gateway that allows everything: equal bytes.

    transcripts.py SERVER --launcher PATH --programs DIR [--isolation namespaces|plain]

Run with the Python of a venv: SDK 1 opens with `initialize`, SDK 2 probes with `server/discover` first. With --isolation the
gateway is that of `run --policy`, else that of `gate`. Says what differs and exits with 1, or exits with 0.
"""
import argparse
import asyncio
import json
import pathlib
import sys

import mcp
from mcp import ClientSession, StdioServerParameters, stdio_client

from cases import CASES
from scene import Scene

# Calls whose answers are the same every time.
STEPS = {
    "time": [("convert_time", {"source_timezone": "UTC", "time": "12:00", "target_timezone": "Asia/Tokyo"}),
             ("convert_time", {"source_timezone": "nowhere", "time": "12:00", "target_timezone": "UTC"})],
    "git": [("git_status", {"repo_path": "{repo}"}), ("git_log", {"repo_path": "{repo}"}),
            ("git_show", {"repo_path": "{repo}", "revision": "HEAD"}), ("no_such_tool", {})],
    "sqlite": [("create_table", {"query": "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)"}),
               ("write_query", {"query": "INSERT INTO notes (text) VALUES ('größer 😀 \\ \" \u2028')"}),
               ("read_query", {"query": "SELECT text FROM notes"}), ("list_tables", {})],
    "node": [("read", {"path": "{work}/a.txt"}), ("threads", {"count": 3}), ("read", {"path": "{work}/missing"})],
}
LIMIT = 120  # seconds for one answer


async def talk(command, scene, folder):
    parameters = StdioServerParameters(
        command=command[0], args=command[1:], env=scene.environment(), cwd=folder)
    steps = [(tool, json.loads(scene.fill(json.dumps(given)))) for tool, given in STEPS[scene.server]]

    async def ask(session):
        await asyncio.wait_for(session.list_tools(), LIMIT)
        for tool, given in steps:
            try:
                await asyncio.wait_for(session.call_tool(tool, given), LIMIT)
            except Exception as problem:  # an answer that says no is one as well
                if isinstance(problem, TimeoutError):
                    raise

    if hasattr(mcp, "Client"):
        async with mcp.Client(parameters) as client:
            await ask(client)
        return
    with open(scene.root / "errors", "a", encoding="utf-8") as log:
        async with stdio_client(parameters, errlog=log) as streams, ClientSession(*streams) as session:
            await asyncio.wait_for(session.initialize(), LIMIT)
            await ask(session)


def wrapped(arguments, case, scene, server):
    """The launcher's command line, with an allow-all policy."""
    policy = scene.root / "policy.json"
    policy.write_text('{"version": 1, "default": "allow"}')
    words = ["--policy", str(policy), "--no-audit", "--", *server]
    if not arguments.isolation:
        return [arguments.launcher, "gate", *words]
    flags = [scene.fill(word) for word in case.flags]
    return [arguments.launcher, "run", scene.fill(case.manifest), *flags, "--isolation", arguments.isolation, "--yes", *words]


def compare(problems, what, one, other):
    one, other = one.read_bytes(), other.read_bytes()
    if one == other and one:
        return
    place = next((at for at, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))
    problems.append(f"{what}: {len(one)} and {len(other)} bytes differ at {place}: "
                    f"{one[place - 100:place + 100]!r} {other[place - 100:place + 100]!r}")


async def run(arguments, problems):
    case = CASES[arguments.server]
    with Scene(arguments.programs) as scene:
        scene.server = arguments.server
        tee = [sys.executable, "-B", str(pathlib.Path(__file__).parent / "tee.py")]
        server = [scene.fill(word) for word in case.command]
        folder = scene.fill(case.folder)
        direct, client, inner = (scene.root / name for name in ("direct", "client", "inner"))
        await talk([*tee, str(direct), *server], scene, folder)
        (scene.work / "notes.db").unlink(missing_ok=True)
        if arguments.isolation:
            await talk([*tee, str(client), *wrapped(arguments, case, scene, server)], scene, folder)
        else:
            line = wrapped(arguments, case, scene, [*tee, str(inner), *server])
            await talk([*tee, str(client), *line], scene, folder)
            compare(problems, "what the server got", client.with_suffix(".in"), inner.with_suffix(".in"))
            compare(problems, "what the client got", inner.with_suffix(".out"), client.with_suffix(".out"))
        compare(problems, "what the client wrote", direct.with_suffix(".in"), client.with_suffix(".in"))
        compare(problems, "what the client read", direct.with_suffix(".out"), client.with_suffix(".out"))
        opening = json.loads(direct.with_suffix(".in").read_bytes().split(b"\n")[0])["method"]
        expected = "server/discover" if hasattr(mcp, "Client") else "initialize"
        if opening != expected:
            problems.append(f"the client opened with {opening}, and not with {expected}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("server", choices=STEPS)
    parser.add_argument("--launcher", required=True)
    parser.add_argument("--programs", required=True, type=pathlib.Path)
    parser.add_argument("--isolation", choices=["namespaces", "plain"])
    arguments = parser.parse_args()
    problems = []
    asyncio.run(run(arguments, problems))
    print("\n".join(problems), file=sys.stderr)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
