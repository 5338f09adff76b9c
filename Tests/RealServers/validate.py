"""Checks messages against the wire types that the official SDK generates from the JSON schema of each revision (mcp-types), and
against the schemas themselves where they are at hand.

    validate.py < lines of: ERA <tab> TYPE <tab> MESSAGE

ERA is 2025-11-25 or 2026-07-28. TYPE is what the message, its result or its request is to be. AGENTBOUND_MCP_SCHEMAS names a
folder that holds ERA/schema.json, as the folder `schema` of github.com/modelcontextprotocol/modelcontextprotocol does. Exits
with 1 and says what is wrong, or prints how many messages were checked by what, and exits with 0.
"""
import importlib
import json
import os
import sys

import jsonschema

ENVELOPES = {"error": "JSONRPCErrorResponse", "method": "JSONRPCRequest", "result": "JSONRPCResultResponse"}

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
    # Not for import by programs, and the only models that are the schema's, one set for each revision; requirements.txt pins them.
    models = importlib.import_module("mcp_types._v" + era.replace("-", "_"))
    try:
        # Strict: no number is taken for a text, and so on.
        getattr(models, name).model_validate_json(json.dumps(value), strict=True)
    except Exception as problem:
        problems.append(f"{era} {name}: {problem}: {json.dumps(value)}")
    checked["types"] += 1


for line in sys.stdin:
    era, name, text = line.rstrip("\n").split("\t")
    message = json.loads(text)
    kind = next(key for key in ENVELOPES if key in message)
    for check in [by_type] + ([by_schema] if schemas else []):
        check(era, ENVELOPES[kind], message)
        if name:
            check(era, name, message if kind == "method" else message[kind])
print("\n".join(problems) or f"{checked['types']} by types, {checked['schemas']} by schemas")
sys.exit(1 if problems else 0)
