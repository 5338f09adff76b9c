"""Asks the server of http_server.py for a sum with the official client."""
import asyncio
import sys

from mcp import Client


async def main():
    async with Client(f"http://127.0.0.1:{sys.argv[1]}/mcp") as client:
        answer = await client.call_tool("add", {"a": 40, "b": 2})
        print(answer.content[0].text)


asyncio.run(main())
