"""Checks messages against the types of the official SDK, and against the official JSON schemas where they are at hand.

    validate.py < lines of: ERA <tab> TYPE <tab> MESSAGE

ERA is 2025-11-25 or 2026-07-28. TYPE is what the message, its result or its request is to be. AGENTBOUND_MCP_SCHEMAS names a
folder that holds ERA/schema.json, as the folder `schema` of github.com/modelcontextprotocol/modelcontextprotocol does. Exits
with 1 and says what is wrong, or prints how many messages were checked by what, and exits with 0.
"""
import json
import os
import sys

import jsonschema
import mcp.types as types

ENVELOPES = {"error": "JSONRPCErrorResponse", "method": "JSONRPCRequest", "result": "JSONRPCResultResponse"}
MODELS = {"error": "JSONRPCError", "method": "JSONRPCRequest", "result": "JSONRPCResponse"}

schemas = os.environ.get("AGENTBOUND_MCP_SCHEMAS")
problems, checked = [], {"types": 0, "schemas": 0}


def by_schema(era, name, value):
    with open(os.path.join(schemas, era, "schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    validator = jsonschema.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schema["$defs"]})
    for error in validator.iter_errors(value):
        problems.append(f"{era} {name}: {error.message}: {json.dumps(value)}")
    checked["schemas"] += 1


def by_type(era, name, value):
    try:
        getattr(types, name).model_validate(value)
    except Exception as problem:
        problems.append(f"{era} {name}: {problem}: {json.dumps(value)}")
    checked["types"] += 1


for line in sys.stdin:
    era, name, text = line.rstrip("\n").split("\t")
    message = json.loads(text)
    kind = next(key for key in ENVELOPES if key in message)
    part = message if kind == "method" else message[kind]
    if schemas:
        by_schema(era, ENVELOPES[kind], message)
        if name:
            by_schema(era, name, part)
    # An id that is not known is left out, as both schemas have it; the types ask for one.
    if "id" in message:
        by_type(era, MODELS[kind], message)
    if name:
        by_type(era, name, {key: value for key, value in part.items() if key not in ("jsonrpc", "id")})
print("\n".join(problems) or f"{checked['types']} by types, {checked['schemas']} by schemas")
sys.exit(1 if problems else 0)
