"""A notes server of the smallest kind: plain Python, the MCP messages by hand, one folder to read from.

Started as `python3 server.py FOLDER`. Its tool `read_note` trusts the name it is given, as many servers do: a name such
as `../../etc/passwd` leads out of the folder. The box does not care, since nothing outside the folder was granted.
"""

import json
import os
import sys

folder = sys.argv[1]
text = {"type": "string"}
tools = [
    {"name": "list_notes", "description": "Names of all notes", "inputSchema": {"type": "object", "properties": {}}},
    {
        "name": "read_note",
        "description": "The text of one note",
        "inputSchema": {"type": "object", "properties": {"name": text}, "required": ["name"]},
    },
]


def call(name, arguments):
    if name == "list_notes":
        return "\n".join(sorted(os.listdir(folder)))
    with open(os.path.join(folder, arguments["name"]), encoding="utf-8") as file:
        return file.read()


def answer(method, parameters):
    if method == "initialize":
        return {
            "protocolVersion": parameters["protocolVersion"],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "notes", "version": "1"},
        }
    if method == "tools/list":
        return {"tools": tools}
    try:
        said, failed = call(parameters["name"], parameters.get("arguments", {})), False
    except OSError as error:
        said, failed = str(error), True
    return {"content": [{"type": "text", "text": said}], "isError": failed}


for line in sys.stdin:
    request = json.loads(line)
    if "id" in request:
        result = answer(request["method"], request.get("params", {}))
        print(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result}), flush=True)
