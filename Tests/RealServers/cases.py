"""The servers: how each is started, the smallest grants that it works with, and what it is asked."""
import dataclasses


@dataclasses.dataclass
class Step:
    """One tool call. `expect` is in the answer when it works. A stopped one works outside the box, so that only the box can
    be what stops it; `denied` is then on the launcher's standard error."""
    tool: str
    given: dict
    expect: str = ""
    stopped: bool = False
    denied: str = ""
    # Not asked outside the box: needs the box's name server.
    only_boxed: bool = False


def stopped(tool, given, expect="", denied="", **more):
    return Step(tool, given, expect, stopped=True, denied=denied, **more)


@dataclasses.dataclass
class Case:
    command: list
    manifest: str
    steps: list
    flags: list = dataclasses.field(default_factory=list)
    folder: str = "{work}"
    # PATH of the control: one server would have npm install packages, if it found node there.
    path_outside: str = ""
    # Refused files are reported only on request; each open then costs more, and Python opens thousands.
    explain: bool = True
    # Of a package from PyPI: where it is below {programs}, and the flags that its drafted manifest is run with.
    package: str = ""
    flags_drafted: list = dataclasses.field(default_factory=list)


WEB = ["--allow-host", "127.0.0.1:{good}"]
NAMES = ["--allow-host", "test.example:{good}", "--dns", "127.0.0.1:{dns}"]
# The machine's own git settings may name any file; git stops at what it cannot read.
NO_SYSTEM = ["--env", "GIT_CONFIG_NOSYSTEM=1"]
HELLO = "the page is here"
OTHER_PORT = {"url": "http://127.0.0.1:{other}/page"}
SECRET = "filesystem.read {secret}/key"


def web_steps(tool="fetch"):
    return [
        Step(tool, {"url": "http://127.0.0.1:{good}/page"}, HELLO),
        Step(tool, {"url": "http://test.example:{good}/page"}, HELLO, only_boxed=True),
        # Once the name has led to the address, the denial goes by the name.
        stopped(tool, OTHER_PORT, HELLO, ":{other}"),
        stopped(tool, {"url": "http://test.example:{other}/page"}, denied=":{other}", only_boxed=True),
        stopped(tool, {"url": "http://other.example:{good}/page"}, denied="network.client other.example", only_boxed=True),
    ]


def file_steps():
    return [
        Step("read", {"path": "{work}/a.txt"}, "readable"),
        Step("write", {"path": "{work}/new.txt", "text": "new"}, "written"),
        stopped("read", {"path": "{secret}/key"}, "SECRET", SECRET),
        stopped("write", {"path": "{secret}/new.txt", "text": "new"}, "written"),
    ]


def native(command):
    return Case(command, "{here}/manifests/web-and-files.json", web_steps() + file_steps(), WEB + NAMES)


def made(path):
    """A request to mcp-text-editor for a new file."""
    return {"files": [{"path": path, "file_hash": "", "patches": [{"contents": "made\\n"}]}]}


def python(*words, **more):
    return Case(*words, explain=False, **more)


CASES = {
    "time": python(
        ["{programs}/venv/bin/mcp-server-time"], "{manifests}/time.json",
        [Step("get_current_time", {"timezone": "Europe/Warsaw"}, "Europe/Warsaw"),
         Step("convert_time", {"source_timezone": "UTC", "time": "12:00", "target_timezone": "Asia/Tokyo"}, "+9.0h")],
        package="venv/lib/*/site-packages/mcp_server_time"),
    "git": python(
        ["{programs}/venv/bin/mcp-server-git"], "{manifests}/git.json",
        [Step("git_status", {"repo_path": "{repo}"}, "On branch more"),
         Step("git_log", {"repo_path": "{repo}"}, "one more file"),
         Step("git_create_branch", {"repo_path": "{repo}", "branch_name": "new"}, "new"),
         Step("git_checkout", {"repo_path": "{repo}", "branch_name": "main"}, "main"),
         Step("write a.txt", {}, ""),
         Step("git_diff_unstaged", {"repo_path": "{repo}"}, "+changed"),
         Step("git_add", {"repo_path": "{repo}", "files": ["a.txt"]}, "staged"),
         Step("git_commit", {"repo_path": "{repo}", "message": "from the box"}, "committed"),
         Step("git_show", {"repo_path": "{repo}", "revision": "HEAD"}, "Ann"),
         stopped("git_log", {"repo_path": "{secret}/repo"}, "the first commit")],
        ["--accept-scopes", "--grant-optional", *NO_SYSTEM], folder="{repo}"),
    "git-read-only": python(
        ["{programs}/venv/bin/mcp-server-git"], "{manifests}/git.json",
        [Step("git_status", {"repo_path": "{repo}"}, "On branch more"),
         Step("git_show", {"repo_path": "{repo}", "revision": "HEAD"}, "one more file"),
         stopped("git_create_branch", {"repo_path": "{repo}", "branch_name": "new"}, "new"),
         stopped("git_log", {"repo_path": "{secret}/repo"}, "the first commit")],
        ["--accept-scopes", "--grant-optional", "--deny", "filesystem.write", "--deny", "filesystem.delete", *NO_SYSTEM], folder="{repo}"),
    "fetch": python(
        ["{programs}/venv/bin/mcp-server-fetch", "--allow-private-ips"], "{manifests}/fetch.json", web_steps(),
        WEB + NAMES, path_outside="{programs}/venv/bin",
        package="venv/lib/*/site-packages/mcp_server_fetch", flags_drafted=WEB + NAMES),
    "sqlite": python(
        ["{programs}/venv-sdk1/bin/mcp-server-sqlite", "--db-path", "{work}/notes.db"], "{manifests}/sqlite.json",
        [Step("create_table", {"query": "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)"}, "created"),
         Step("write_query", {"query": "INSERT INTO notes (text) VALUES ('kept')"}, "affected_rows"),
         Step("write_query", {"query": "UPDATE notes SET text = 'changed'"}, "affected_rows"),
         Step("read_query", {"query": "SELECT text FROM notes"}, "changed"),
         stopped("write_query", {"query": "ATTACH DATABASE '{secret}/other.db' AS other"}, "[]")],
        package="venv-sdk1/lib/*/site-packages/mcp_server_sqlite"),
    "text-editor": python(
        ["{programs}/venv-sdk1/bin/mcp-text-editor"], "{manifests}/text-editor.json",
        [Step("get_text_file_contents", {"files": [{"file_path": "{work}/a.txt", "ranges": [{"start": 1}]}]}, "readable"),
         Step("edit_text_file_contents", made("{work}/made.txt"), '"ok"'),
         stopped("get_text_file_contents", {"files": [{"file_path": "{secret}/key", "ranges": [{"start": 1}]}]}, "SECRET"),
         stopped("edit_text_file_contents", made("{secret}/made.txt"), '"ok"')]),
    "node": Case(
        ["node", "{programs}/bin/server.js"], "{here}/manifests/web-and-files.json",
        web_steps() + file_steps() + [
            Step("threads", {"count": 8}, "1,3,6,10,15,21,28,36"),
            Step("lookup", {"name": "test.example"}, "127.0.0.1", only_boxed=True),
            Step("resolve", {"name": "test.example"}, "127.0.0.1", only_boxed=True),
            stopped("lookup", {"name": "other.example"}, denied="other.example", only_boxed=True),
            stopped("resolve", {"name": "other.example"}, denied="other.example", only_boxed=True)],
        WEB + NAMES),
    "go-static": native(["{programs}/bin/go-static"]),
    "go-cgo": native(["{programs}/bin/go-cgo"]),
    "java": native(["java", "-cp", "{programs}/java", "Server"]),
    "shell": Case(
        ["{programs}/bin/server.sh"], "{here}/manifests/files.json",
        file_steps() + [stopped("start", {}, "Linux", "exec")]),
    "bash": Case(
        ["bash", "{programs}/bin/server.sh"], "{here}/manifests/files.json",
        file_steps() + [stopped("start", {}, "Linux", "exec")]),
}
