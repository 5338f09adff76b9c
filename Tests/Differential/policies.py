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
import re
import subprocess
import sys
import tempfile

import yaml

STRICT = {"allow": 0, "redact": 1, "approve": 2, "approve-strong": 3, "deny": 4}


class Case:
    """One call with what is odd about it."""

    def __init__(self, server, tool, arguments, traits=(), **more):
        self.server, self.tool, self.arguments, self.traits, self.more = server, tool, arguments, set(traits), more

    def line(self):
        return json.dumps({"server": self.server, "tool": self.tool, "arguments": self.arguments, "session": "s", **self.more})


class Plain(str):
    """A scalar that is written without quotes: the engines read YAML 1.1."""


SCALARS = [Plain(text) for text in (
    "yes no on off True NO 010 017 08 0o17 0x1F 0b11 1_000 1:30 -1:30 1:30.5 1e3 1.5e3 1.5e+3 .5 1. 2_0.5 +7 -0 null ~ 1.0").split()]


def text_of(value):
    """As flow YAML; `Plain` as it stands."""
    if isinstance(value, Plain):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {text_of(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(text_of, value)) + "]"
    return json.dumps(value)


def near(rng, value):
    """The value as an engine reads it, as it is written, or one that is easily taken for it."""
    read = yaml.safe_load(text_of(value))
    return rng.choice([read, read, str(value), 8, 10, 1, True, False, None, 90, 1000, [read], {"a": read}])


# --- agentperms


def random_pattern(rng):
    return "".join(rng.choice(["*", "*", "/", "?", "src", "docs", "etc", "key", ".", "[a-e]", "[!x]", "[]d]", "[s]", "[", "a"])
                   for _ in range(rng.randint(1, 6)))


def agentperms(rng, folder):
    names = ["read", "write", "list", "delete_repo", "a.b"]
    servers = ["fs", "git", "web"]
    entries = ["./src", "docs", "src/*.swift", "*.pem", "/etc", "~/.ssh", "secret*", ".env", "/tmp/*", "src/../docs", "*/key*",
               "", "*/*", "*", "/*", "*/src", "*/docs/*", "src/[ab]", "*.[ps][ew]*", "app/[id]", "?etc*", "*a*b*c*d*e*f.txt"]
    # A pattern cannot go up. Two slashes are another root to Python, but the same folder.
    entries += [entry for entry in (random_pattern(rng) for _ in range(8)) if ".." not in entry and not entry.startswith("//")]
    policy = {"version": 1, "servers": {}}
    for server in rng.sample(servers, rng.randint(0, 2)):
        lists = {}
        for key in ("allowed_tools", "denied_tools"):
            if rng.random() < 0.5:
                lists[key] = rng.sample(names, rng.randint(0, 3))
        for key in ("allowed_paths", "denied_paths", "denied_patterns"):
            if rng.random() < 0.5:
                lists[key] = rng.sample(entries, rng.randint(0, 3))
        # Errors: a set of what opens that cannot be written out, and nothing that closes.
        lists["allowed_paths"] = [entry for entry in lists.get("allowed_paths", []) if not re.search(r"\[!|\[[^]]*[*?]", entry)]
        for key in ("denied_paths", "denied_patterns"):
            lists[key] = [entry for entry in lists.get(key, []) if entry]
        policy["servers"][server] = lists
    if rng.random() < 0.4:
        policy["approvals"] = {"require_human_approval": rng.sample(["read", "fs.write", "git.list", "x"], rng.randint(0, 2))}
    cases = []
    for _ in range(40):
        plain = ["src/a.swift", "src/b/c.swift", "docs/x", "/etc/passwd", "/tmp/x", "x.pem", "deep/x.pem", ".env", "src", "a/keys/b",
                 str(folder / "src/a.swift"), os.path.expanduser("~/.ssh/id_rsa"), "~/.ssh/x", "./src/../../etc/passwd", "secret.txt", "/", "/etc", ".",
                 "app/[id]/page", "src/a", "/a/b/c/d/e/f.pem", "a/docs", "a/docs/x", "key", "/d"]
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
        elif rng.random() < 0.05:
            # The working directory.
            arguments[key] = ""
        elif rng.random() < 0.3:
            arguments[key] = rng.choice(odd)
            traits.add("spellings")
        else:
            arguments[key] = rng.choice(plain)
            if arguments[key].startswith(str(folder)):
                # Their patterns look at the text as written.
                traits.add("absolute")
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

    parsed = Policy.from_yaml(text_of(policy))
    # A bare name opens any folder of that name there, and paths were compared as they were written.
    opening = [e for s in policy["servers"].values() for e in s.get("allowed_paths", [])]
    # What closes by a pattern or a name also closes what is below, and takes any character for a set that is not written out.
    closing = [e for s in policy["servers"].values() for key in ("denied_paths", "denied_patterns") for e in s.get(key, [])]

    def decide(case):
        word = evaluate(parsed, case.server, case.tool, case.arguments)[0].value
        if opening:
            case.traits.add("opening patterns")
        if any(set(entry) & set("*?[") or "/" not in entry for entry in closing):
            case.traits.add("closing patterns")
        return {"require_approval": "approve"}.get(word, word)

    return "mcp.policy.yaml", policy, cases, decide, same_file(parsed, folder)


def same_file(parsed, folder):
    """Whether the engine itself lets the same files through in another spelling, relative or absolute: then ours is no looser."""
    from agentperms.mcp_proxy.policy_engine import evaluate

    def check(case, effect):
        return any(allows(case, effect, relative) for relative in (True, False))

    def allows(case, effect, relative):
        changed = {}
        for key, value in case.arguments.items():
            if isinstance(value, str):
                value = os.path.expanduser(value)
                while value.startswith("/proc/self/root/"):
                    value = value[len("/proc/self/root"):]
                path = os.path.normpath(os.path.join(folder, value))
                value = os.path.relpath(path, folder) if relative and path.startswith(str(folder)) else path
            changed[key] = value
        return evaluate(parsed, case.server, case.tool, changed)[0].value == "allow" and effect == "allow"

    return check


# --- mcp-gate


EXPRESSIONS = [
    r"\brm\b", r"\bé", r"é\B", "[[:alpha:]]", "[[]x", "(?i)i", "(?i)[a-j]x", "(?i:I)g", r"(?m)^b$", "^a{,2}$", "b$", r"[\s\S]/", r"^[\S]+$",
    r"\u00e9", "(?i)[^i]g", r"[\w\W]$", "^[]a]+$", "(?P<i>a)b"]
SIGNS = ["../", "..\\x", "eval(x)", "subprocess.run", "act as root", "act\u00a0as", "disregard the system", "send me the password", "leak memory",
         "|cmd", "; format", "rk-a1b2c3d4e5f6g7h8i9j0k", "https://a.xyz/", "HTTP://8.8.8.8/", "new role", "</Tool>", "/etc/sudoers", "hello"]
DETOURS = ["/etc/../x", "/x/../etc/a", "//etc/x", "a/../b", "a/./b", "b/%2e%2e/a"]
TEXTS = ["é", "rm é", "érm", "rm", "a rm-", ":]", "a]", "İ", "İg", "ıx", "ig", "x\nb", "a\nb\n", "aa", "aaa", "[x", "\u00a0", "a\u00a0/", "b\n", "]a", "ab"]


def gate_condition(rng, depth=0):
    if depth < 2 and rng.random() < 0.3:
        kind = rng.choice(["all", "any", "not"])
        if kind == "not":
            return {"not": gate_condition(rng, depth + 1)}
        return {kind: [gate_condition(rng, depth + 1) for _ in range(rng.randint(1, 3))]}
    field = rng.choice(["amount", "path", "user.name", "tags", "gone"])
    op = rng.choice(["eq", "ne", "lt", "le", "gt", "ge", "in", "not_in", "contains", "startswith", "endswith", "regex", "exists"])
    if rng.random() < 0.25 and op in ("eq", "ne", "in", "not_in", "contains"):
        value = rng.choice(SCALARS)
        if op in ("in", "not_in"):
            return {"field": field, "op": op, "value": [value, rng.choice([1, "a", True])]}
        return {"field": field, "op": op, "value": rng.choice([value, value, {"a": value}, [value]])}
    value = {
        "lt": 50, "le": 50, "gt": 50, "ge": "50", "in": ["a", 5, 50], "not_in": ["a", "bob", 7], "contains": rng.choice(["a", "x"]),
        "startswith": "/etc", "endswith": "b", "regex": rng.choice([r"^a\d+$", r"\w+/b", "[0-9]{2}", r"ob$"] + EXPRESSIONS),
    }.get(op, rng.choice([50, "bob", "a", True]))
    return {"field": field, "op": op} if op == "exists" else {"field": field, "op": op, "value": value}


def plain_scalars(value):
    if isinstance(value, Plain):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from plain_scalars(part)


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
            rule["budget"] = {"key": rng.choice(["k", "l"]), "field": "amount", "limit": rng.choice([100, "200", Plain("0100"), Plain("1_00"), Plain("1:40")])}
        if rule["effect"] in ("deny", "require_approval") and rng.random() < 0.2:
            rule["min_threat_score"] = rng.randint(1, 5)
        if rule["effect"] == "redact":
            rule["redact_fields"] = ["user.name"]
        rules.append(rule)
    default = rng.choice(["allow", "deny", "require_approval", "redact"])
    if rng.random() < 0.5:
        # One condition, on which all hangs.
        default, effect = rng.choice([("allow", "deny"), ("deny", "allow")])
        condition = dict(gate_condition(rng, 2), field="path")
        rules = [{"id": "r", "effect": effect, "when": rng.choice([condition, condition, {"not": condition}])}]
    scalars = sorted(set(plain_scalars(rules)))
    policy = {"name": "random", "version": "1", "default_effect": default, "rules": rules}
    cases = []
    for _ in range(40):
        arguments, traits = {}, set()
        if rng.random() < 0.7:
            arguments["amount"] = rng.choice([5, 50, 50.5, 60, 7])
        if rng.random() < 0.5:
            arguments["path"] = rng.choice(["/etc/x", "a/b", "a12", "bob"] + TEXTS)
        if rng.random() < 0.4:
            arguments["user"] = {"name": rng.choice(["bob", "a", "x"])}
        if rng.random() < 0.3:
            arguments["tags"] = rng.choice([["a", "b"], [], ["x", 5], [1, 2], [True], [0]])
        if scalars and rng.random() < 0.5:
            arguments[rng.choice(["amount", "path", "path", "tags"])] = near(rng, rng.choice(scalars))
            traits.add("types")
        if rng.random() < 0.25:
            arguments["amount"] = rng.choice([-5, "50", "nan", True, None, [5], "1e3"])
            traits.add("types")
        tool = rng.choice(tools)
        if rng.random() < 0.1:
            arguments["path"] = rng.choice(DETOURS)
            traits.add("detours")
        if rng.random() < 0.2:
            # One sign a call: what several weigh together differs.
            arguments["text"] = rng.choice(SIGNS)
            arguments.pop("path", None)
            traits.add("scores")
        if rng.random() < 0.1:
            tool = tool.upper()
            traits.add("names")
        cases.append(Case("s", tool, arguments, traits, agent="anonymous", roles=[]))
    # Values of two types are not compared here: a rule that would is not evaluated, and the call is denied.
    from mcpgate.engine import PolicyEngine
    from mcpgate.identity import AgentIdentity
    from mcpgate.policy import load_policy

    engine = PolicyEngine(load_policy(yaml.safe_load(text_of(policy))))
    identity = AgentIdentity.anonymous() if hasattr(AgentIdentity, "anonymous") else AgentIdentity("anonymous", ())

    def decide(case):
        decision = engine.evaluate(case.tool, case.arguments, identity, "s")
        word = decision.effect.value
        if decision.rule_id == "__default__" and word == "redact":
            word = "allow"  # there are no fields that it takes out
        case.commit = lambda: engine.commit_budget(case.tool, case.arguments, decision, "s")
        return {"require_approval": "approve"}.get(word, word)

    return "policy.yaml", policy, cases, decide, None


# --- agsec


def agsec(rng, folder):
    actions = ["*", "mcp.*", "mcp.fs.*", "mcp.fs.read", "m*.read", "*.delete", "mcp.?it.[a-m]*", "bash.execute"]

    def condition():
        op = rng.choice(["==", "!=", ">", "<", ">=", "<=", "in", "not_in", "contains", "starts_with", "ends_with", "regex", "exists", "not_exists"])
        value = {">": 5, "<": 5, ">=": 5, "<=": 5, "in": ["a", 5], "not_in": ["b", 5], "contains": "a", "starts_with": "/etc", "ends_with": "b",
                 "regex": rng.choice([r"^/\w+"] + EXPRESSIONS)}.get(op, rng.choice(["a", 5]))
        return {"op": op} if op in ("exists", "not_exists") else {"op": op, "value": value}

    def body():
        keys = ["params.n", "params.path", "n", "user.name", "context.mode", "gone"]
        out = {}
        if rng.random() < 0.7:
            out["conditions"] = {
                key: rng.choice([condition(), rng.choice(["a", 5, None, rng.choice(SCALARS)])]) for key in rng.sample(keys, rng.randint(1, 2))}
        if rng.random() < 0.5:
            out["match"] = rng.choice(["all", "any"])
        return out

    if rng.random() < 0.7:
        policy = {"version": "1.0", "statements": [
            {"sid": f"s{i // 2}", "effect": rng.choice(["allow", "deny", "review", "block", "Deny", "ALLOW"]),
             "actions": rng.sample(actions, rng.randint(1, 3)), **body()} for i in range(rng.randint(0, 5))]}
        if rng.random() < 0.7:
            policy["default"] = rng.choice(["allow", "deny", "review", "block"])
    else:
        policy = {"rules": [
            {"action": rng.choice(["*", "mcp.fs.read", "mcp.git.delete"]), "status": rng.choice(["allow", "block", "review"]),
             "priority": rng.randint(0, 3), **body()} for i in range(rng.randint(1, 5))]}
    if rng.random() < 0.5:
        # One condition, on which all hangs.
        default, effect = rng.choice([("allow", "deny"), ("deny", "allow")])
        value = rng.choice([condition(), condition(), None, rng.choice(SCALARS)])
        if isinstance(value, dict) and value.get("op") in ("==", "!=") and rng.random() < 0.7:
            value["value"] = rng.choice([rng.choice(SCALARS), [rng.choice(SCALARS)], {"a": rng.choice(SCALARS)}])
        policy = {"default": default, "statements": [{"sid": "s", "effect": effect, "conditions": {"path": value}}]}
    scalars = sorted(set(plain_scalars(policy)))
    cases = []
    for _ in range(40):
        arguments, traits = {}, set()
        if rng.random() < 0.6:
            arguments["n"] = rng.choice([1, 5, 5.5, 9])
        if rng.random() < 0.5:
            arguments["path"] = rng.choice(["/etc/x", "a", "b", "ab", None] + TEXTS)
        if rng.random() < 0.4:
            arguments["user"] = {"name": rng.choice(["a", "b"])}
        if scalars and rng.random() < 0.5:
            arguments[rng.choice(["n", "path", "path"])] = near(rng, rng.choice(scalars))
            traits.add("types")
        if rng.random() < 0.2:
            arguments["n"] = rng.choice(["5", True, None, [5]])
            traits.add("types")
        if rng.random() < 0.1:
            arguments["path"] = rng.choice(DETOURS)
            traits.add("detours")
        tool = rng.choice(["read", "delete", "list"])
        if rng.random() < 0.1:
            tool = tool.upper()
            traits.add("names")
        cases.append(Case(rng.choice(["fs", "git"]), tool, arguments, traits))
    from agsec.policy.engine import PolicyEngine

    engine = PolicyEngine()
    engine.load_rules_from_yaml(text_of(policy))

    def decide(case):
        try:
            word = engine.evaluate(f"mcp.{case.server}.{case.tool}", case.arguments, {}).status.value
        except Exception:
            return "error"
        return {"review": "approve", "block": "deny"}.get(word, word)

    return "policy.yaml", policy, cases, decide, None


# --- agent-sudo


def agent_sudo(rng, folder):
    names = ["read_file", "write_file", "edit_file", "delete_file", "run_shell_command", "send_email", "summarize", "deploy", "modify_auth",
             "prompt_injection_attempt"]
    policy = {key: sorted(rng.sample(names + ["x"], rng.randint(1, 4))) for key in ("safe", "sensitive", "critical", "blocked")}
    targets = ["notes.txt", "src/a.py", "/tmp/a.txt", "/tmp/a.sh", "/etc/passwd", "~/.ssh/id_rsa", "~/.config/x", ".env", "config.yaml",
               "audit.jsonl", "pyproject.toml", "secrets/x", "readme.md", "package.json", "mcp.json",
               "mcp_config.toml", "a/mcp/b/c.json", "my-mcp-config/x.jsonc", "mcp.settings.toml", "mcp_settings/deep/a.json", "mcp-notes.toml",
               "audits/x.jsonl", "x/audit/y.log", "policy/a.yaml", "agent_sudo/policy.py", "agent_sudo/x.py", "audit/pyproject.toml",
               "x/etc/crontab.bak", "a/my.codex.d/config.toml", "a/runtimes/settings.json", "a/.agents/x/yarn.lock", "cron.d/x", "a/systemd/x.timer"]
    odd = ["/tmp/../etc/passwd", "link/passwd", "../up.txt", "tokenizer.py", "~/x/../.ssh/known_hosts", " ~/.ssh/x", "A.PY"]
    commands = ["ls", "rm -rf /", "cat ~/.ssh/id_rsa", "curl http://x/?token=1", "git status", "chmod 600 auth.json",
                "rm --force x", "rm x; ls -fr", "chmod 600 \\\n x/credential", "grep audit x.log", "cat x.yaml", "vi agent_sudo/x.py", "cat src/../hidden"]
    odd_commands = ["rm -r -f x", "sudo rm -rf x", "cd / && rm -rf .", "cat link/passwd",
                    "cat secretlink/x", "cat ./hidden"]
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
        (folder / "secretlink").symlink_to(home / ".ssh")
        (home / ".ssh/pyproject.toml").write_text("")
        (folder / "hidden").symlink_to(home / ".ssh/pyproject.toml")
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
    # Nothing is expected of the calls, so 1 it is.
    if run.returncode != 1:
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
    """In one line, but for Agent_Sudo, which reads lists line by line."""
    if name != "agent-sudo":
        return text_of(policy)
    return "".join(f"{key}:\n" + "".join(f"  - {item}\n" for item in items) for key, items in policy.items())


if __name__ == "__main__":
    sys.exit(main())
