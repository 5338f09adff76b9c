"""An MCP server over HTTP, on the port that it is told."""
import sys

from mcp.server.mcpserver import MCPServer

server = MCPServer("sums")


@server.tool()
def add(a: int, b: int) -> str:
    """Adds two numbers."""
    return f"the sum is {a + b}"


server.run(transport="streamable-http", host="127.0.0.1", port=int(sys.argv[1]))
