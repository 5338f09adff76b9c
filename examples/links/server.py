"""A server that looks at web pages: its tool `title` fetches a page and returns the title."""

import json
import re
import sys
import urllib.request

tools = [
    {
        "name": "title",
        "description": "The title of a web page",
        "inputSchema": {"type": "object", "properties": {"url": {"type": "string"}}, "required": ["url"]},
    }
]


def title(url):
    with urllib.request.urlopen(url, timeout=5) as page:
        text = page.read(100_000).decode("utf-8", "replace")
    found = re.search(r"<title>([^<]*)", text)
    return found.group(1).strip() if found else "(no title)"


def answer(method, parameters):
    if method == "initialize":
        return {
            "protocolVersion": parameters["protocolVersion"],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "links", "version": "1"},
        }
    if method == "tools/list":
        return {"tools": tools}
    try:
        said, failed = title(parameters["arguments"]["url"]), False
    except OSError as error:
        said, failed = str(error), True
    return {"content": [{"type": "text", "text": said}], "isError": failed}


for line in sys.stdin:
    request = json.loads(line)
    if "id" in request:
        result = answer(request["method"], request.get("params", {}))
        print(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result}), flush=True)
