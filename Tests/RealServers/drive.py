"""Drives one real server with the official MCP client: outside (plain only), where every call must work, then in the box.

    drive.py SERVER --launcher PATH --programs DIR --isolation namespaces|plain [--drafted]

With `--drafted` the manifest is the one that `generate` makes of the installed package. Says what went wrong and exits with 1, or exits with 0. SERVER is a name of cases.py.
"""
import argparse
import asyncio
import pathlib
import subprocess
import sys

from mcp import ClientSession, MCPError, StdioServerParameters, stdio_client

from cases import CASES
from scene import Scene

LIMIT = 120  # seconds for one answer


def drafted(case, scene, arguments):
    """A manifest from the package's sources, unchanged."""
    package = next(arguments.programs.glob(case.package))
    path = scene.root / "drafted.json"
    subprocess.run([arguments.launcher, "generate", package, "-o", path], check=True, capture_output=True)
    return str(path)


def boxed(case, scene, arguments):
    flags = case.flags
    manifest = case.manifest
    if arguments.drafted:
        manifest, flags = drafted(case, scene, arguments), case.flags_drafted
    words = ["run", manifest, *flags, "--isolation", arguments.isolation, "--yes", "--no-audit",
             *(["--explain"] if case.explain else []), "--", *case.command]
    return arguments.launcher, [scene.fill(word) for word in words]


def fill(value, scene):
    if isinstance(value, str):
        return scene.fill(value)
    if isinstance(value, list):
        return [fill(item, scene) for item in value]
    if isinstance(value, dict):
        return {key: fill(item, scene) for key, item in value.items()}
    return value


async def call(session, step, scene):
    """-> whether it worked, and the answer's text"""
    if step.tool == "write a.txt":  # no call: the person at the keyboard changes a file
        (scene.root / "repo" / "a.txt").write_text("changed\n")
        return True, ""
    try:
        answer = await asyncio.wait_for(session.call_tool(step.tool, fill(step.given, scene)), LIMIT)
    except MCPError as problem:
        return False, str(problem)
    text = "\n".join(part.text for part in answer.content if part.type == "text")
    return not answer.is_error and scene.fill(step.expect) in text, text


async def session(case, scene, command, words, environment, check, problems):
    """Initialises, lists the tools, hands the session to `check`. -> what the launcher or server said on standard error"""
    errors = scene.root / "errors"
    with open(errors, "w", encoding="utf-8") as log:
        parameters = StdioServerParameters(
            command=command, args=words, env=environment, cwd=scene.fill(case.folder))
        try:
            async with stdio_client(parameters, errlog=log) as streams, ClientSession(*streams) as opened:
                await asyncio.wait_for(opened.initialize(), LIMIT)
                tools = {tool.name for tool in (await opened.list_tools()).tools}
                await check(opened, tools)
        except Exception as problem:
            problems += causes(problem)
    return errors.read_text(encoding="utf-8", errors="replace")


def causes(problem):
    """The exceptions at the ends of nested groups."""
    if isinstance(problem, BaseExceptionGroup):
        return [cause for inner in problem.exceptions for cause in causes(inner)]
    return [f"{type(problem).__name__}: {problem}"]


async def outside(case, arguments):
    """The control: what the box will stop works here."""
    problems = []

    async def check(opened, tools):
        for step in case.steps:
            if step.only_boxed:
                continue
            worked, text = await call(opened, step, scene)
            if not worked:
                problems.append(f"outside: {step.tool} {step.given}: {text!r}")

    with Scene(arguments.programs) as scene:
        command, *words = [scene.fill(word) for word in case.command]
        environment = scene.environment()
        if case.path_outside:
            environment["PATH"] = scene.fill(case.path_outside)
        errors = await session(case, scene, command, words, environment, check, problems)
    return problems + ([errors] if problems else [])


async def inside(case, arguments):
    problems, denials = [], []

    async def check(opened, tools):
        missing = {step.tool for step in case.steps} - tools - {"write a.txt"}
        if missing:
            problems.append(f"no tools {missing} among {tools}")
        for step in case.steps:
            worked, text = await call(opened, step, scene)
            if worked == step.stopped:
                problems.append(f"{step.tool} {step.given}: {'was not stopped' if worked else 'failed'}: {text!r}")
            if step.stopped and step.denied:
                denials.append(scene.fill(step.denied))

    with Scene(arguments.programs) as scene:
        errors = await session(case, scene, *boxed(case, scene, arguments), scene.environment(), check, problems)
        for denial in denials:
            if not any(line.startswith("agentbound: denied") and denial in line for line in errors.splitlines()):
                problems.append(f"no line says: denied {denial}")
        if scene.other.reached:
            problems.append("the web server that nobody was granted was reached")
        if "other.example" in scene.log.read_text():
            problems.append("a name that was not granted was asked upstream")
    return problems + ([errors] if problems else [])


def main():
    parser = argparse.ArgumentParser(description="Drives one real server with the official MCP client.")
    parser.add_argument("server", choices=CASES)
    parser.add_argument("--launcher", required=True)
    parser.add_argument("--programs", required=True, type=pathlib.Path)
    parser.add_argument("--isolation", required=True, choices=["namespaces", "plain"])
    parser.add_argument("--drafted", action="store_true")
    arguments = parser.parse_args()
    case = CASES[arguments.server]

    async def both():
        # The control is the same in both modes: once is enough.
        control = await outside(case, arguments) if arguments.isolation == "plain" else []
        return control + await inside(case, arguments)

    problems = asyncio.run(both())
    print("\n".join(problems), file=sys.stderr)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
