"""A long session with the official MCP client: many calls, allowed and refused, to one boxed server.

    session.py --launcher PATH --programs DIR --isolation namespaces|plain [--calls 1000] [--most-memory KIB]

Prints the launcher's resident memory after a tenth of the calls and at the end, and the time of a call. Exits with 1 when
a call goes wrong, when memory grows by more than 1 MiB, or when it is over the limit.
"""
import argparse
import asyncio
import os
import pathlib
import sys
import time

from mcp import ClientSession, StdioServerParameters, stdio_client

from cases import CASES, Step, stopped
from drive import boxed, call
from scene import Scene

STEPS = [
    Step("read", {"path": "{work}/a.txt"}, "readable"),
    Step("fetch", {"url": "http://127.0.0.1:{good}/page"}, "the page is here"),
    Step("lookup", {"name": "test.example"}, "127.0.0.1"),
    stopped("fetch", {"url": "http://127.0.0.1:{other}/page"}),
    stopped("read", {"path": "{secret}/key"}),
    stopped("lookup", {"name": "other.example"}),
]


def resident(process):
    """The resident memory of a process, in KiB."""
    for line in pathlib.Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise ValueError("no VmRSS")


def child():
    """The launcher is the one process that this one has started, besides the name server."""
    children = pathlib.Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return max(map(int, children))


async def run(arguments, scene):
    problems = []
    command, words = boxed(CASES["node"], scene, arguments)
    with open(scene.root / "errors", "w", encoding="utf-8") as log:
        parameters = StdioServerParameters(
            command=command, args=words, env=scene.environment(), cwd=scene.work)
        async with stdio_client(parameters, errlog=log) as streams, ClientSession(*streams) as opened:
            await opened.initialize()
            launcher, early, start = child(), 0, time.monotonic()
            for number in range(arguments.calls):
                step = STEPS[number % len(STEPS)]
                worked, text = await call(opened, step, scene)
                if worked == step.stopped:
                    problems.append(f"call {number}: {step.tool}: {text!r}")
                if number == arguments.calls // 10:
                    early = resident(launcher)
            each = (time.monotonic() - start) / arguments.calls
            late = resident(launcher)
    print(f"{arguments.isolation}: {arguments.calls} calls, {each * 1000:.2f} ms each; launcher {early} KiB after a tenth, {late} KiB at the end")
    if late - early > 1024:
        problems.append(f"the launcher grew from {early} to {late} KiB")
    if late > arguments.most_memory:
        problems.append(f"the launcher holds {late} KiB")
    return problems[:20]


def main():
    parser = argparse.ArgumentParser(description="A long session with one boxed server.")
    parser.add_argument("--launcher", required=True)
    parser.add_argument("--programs", required=True, type=pathlib.Path)
    parser.add_argument("--isolation", required=True, choices=["namespaces", "plain"])
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--most-memory", type=int, default=sys.maxsize, metavar="KIB")
    parser.set_defaults(drafted=False)
    arguments = parser.parse_args()
    with Scene(arguments.programs) as scene:
        problems = asyncio.run(run(arguments, scene))
    print("\n".join(problems), file=sys.stderr)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
