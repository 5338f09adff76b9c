"""Programs that run in the box as they are: what each is granted, what it does, and what it is refused.

A word in braces is filled in by the scene: {work} is the working directory, {secret} a folder that nobody grants, {port} a free
port, {web} and {tls} the ports of a web server with and without TLS, {here} this folder, {programs} what setup.sh has made.
"""
import dataclasses

READ, WRITE, DELETE = "filesystem.read", "filesystem.write", "filesystem.delete"
CLIENT, SERVER, EXEC = "network.client", "network.server", "system.exec"


@dataclasses.dataclass
class Program:
    what: str
    command: list
    # In the program's output; for one that serves, in the answer that it gives.
    expect: str
    grants: list = dataclasses.field(default_factory=list)
    flags: list = dataclasses.field(default_factory=list)
    # What plain mode needs besides.
    plain: list = dataclasses.field(default_factory=list)
    # Asked from outside once it listens; `{port}` answers.
    ask: list = dataclasses.field(default_factory=list)
    # What the same program is refused, and what it says where it is not.
    refused: list = dataclasses.field(default_factory=list)
    refused_expect: str = ""
    refused_code: int = 0
    # The one mode that it works in, where it does not in both.
    only: str = ""
    # Made in {work} before it starts.
    files: dict = dataclasses.field(default_factory=dict)
    # A file without which it is left out.
    needs: str = ""
    note: str = ""


PYTHON, VENV, NODE = "/usr/bin/python3", "{programs}/venv/bin/python", "node"
READ_SECRET_PYTHON = "print(open('{secret}/key').read())"
SECRET = "SECRET"


# What a new repository brings runs later: hooks, and programs that its settings name.
NEW_REPOSITORY = ["--allow-protected", "**/.git/hooks", "--allow-protected", "**/.git/config"]


def allow(*commands):
    return [word for command in commands for word in ("--allow-command", command)]


def python(what, code, expect, *grants, interpreter=PYTHON, refused=READ_SECRET_PYTHON, refused_expect=SECRET, **more):
    return Program(
        what, [interpreter, "-c", code], expect, list(grants), refused=[interpreter, "-c", refused],
        refused_expect=refused_expect, needs=interpreter, **more)


def script(name, what, expect, *grants, interpreter, refused, **more):
    """A file of this folder; its first argument says what it does."""
    command = [*interpreter, "{here}/programs/" + name]
    return Program(
        what, [*command, "work"], expect, list(grants), refused=[*command, "escape", "{secret}/key"],
        refused_expect=refused, needs=interpreter[0], **more)


PROGRAMS = {
    # Python
    "python: threads": python(
        "a thread pool that compresses",
        "import concurrent.futures as f, zlib\n"
        "print(sum(f.ThreadPoolExecutor(8).map(lambda n: len(zlib.decompress(zlib.compress(bytes(n)))), range(1000))))",
        "499500"),
    "python: multiprocessing": python(
        "a pool of four processes, its locks and queues, and a manager",
        "import multiprocessing as m\n"
        "def square(n): return n * n\n"
        "if __name__ == '__main__':\n"
        "    with m.Pool(4) as pool: print(sum(pool.map(square, range(100))))\n"
        "    with m.Manager() as manager: print(manager.list([1, 2]))",
        "328350\n[1, 2]", only="namespaces", note="its locks need a /dev/shm of the box's own"),
    "python: asyncio subprocess": python(
        "starts a listed program and reads its output",
        "import asyncio\n"
        "async def main():\n"
        "    p = await asyncio.create_subprocess_exec('/bin/echo', 'started', stdout=-1)\n"
        "    print((await p.communicate())[0])\n"
        "asyncio.run(main())",
        "started", EXEC, flags=allow("/bin/echo"),
        refused="import subprocess; print(subprocess.run(['/usr/bin/id', '-u'], stdout=-1, text=True).stdout + 'ran')",
        refused_expect="ran"),
    "python: sqlite3, WAL": python(
        "a database in WAL mode, two connections, a vacuum",
        "import sqlite3\n"
        "a, b = sqlite3.connect('notes.db'), sqlite3.connect('notes.db')\n"
        "a.execute('PRAGMA journal_mode=WAL'); a.execute('CREATE TABLE t (x)')\n"
        "a.executemany('INSERT INTO t VALUES (?)', [(n,) for n in range(1000)]); a.commit()\n"
        "print(b.execute('SELECT sum(x) FROM t').fetchone()); b.close(); a.execute('VACUUM'); a.close()",
        "499500", READ, WRITE,
        refused="import sqlite3; c = sqlite3.connect('{secret}/new.db'); c.execute('CREATE TABLE t (x)'); print('made')",
        refused_expect="made"),
    "python: inotify (watchfiles)": python(
        "sees a file that it changes itself",
        "import threading, pathlib, watchfiles\n"
        "threading.Timer(0.5, lambda: pathlib.Path('seen.txt').write_text('x')).start()\n"
        "for changes in watchfiles.watch('.', step=50):\n"
        "    print(sorted(p.rsplit('/')[-1] for _, p in changes)); break",
        "seen.txt", READ, WRITE, interpreter=VENV),
    "python: pseudo-terminals": python(
        "a shell on a terminal of its own",
        "import pty, os\n"
        "pid, fd = pty.fork()\n"
        "if pid == 0: os.execv('/bin/sh', ['sh', '-c', 'test -t 0 && echo on a terminal'])\n"
        "print(os.read(fd, 100))",
        "on a terminal", EXEC, flags=allow("/bin/sh")),
    "python: numpy": python(
        "multiplies matrices on all processors",
        "import numpy as n\nprint(int(n.trace(n.ones((500, 500)) @ n.ones((500, 500)))))", "250000",
        interpreter=VENV),
    "python: uvicorn": Program(
        "serves HTTP on a granted port",
        [VENV, "-m", "uvicorn", "--app-dir", "{here}/programs", "--port", "{port}", "--log-level", "error", "service:app"],
        "served", [SERVER, READ], ["--listen-port", "{port}", "--read-path", "{here}/programs"],
        ask=["curl", "-s", "http://127.0.0.1:{port}/"], needs=VENV,
        refused=[VENV, "-c", "import socket; s = socket.create_server(('127.0.0.1', {other})); print('listens')"],
        refused_expect="listens"),
    "python: MCP over HTTP": Program(
        "an MCP server with the streamable transport, asked by the official client",
        [VENV, "{here}/programs/http_server.py", "{port}"], "sum is 42", [SERVER], ["--listen-port", "{port}"],
        ask=[VENV, "{here}/programs/http_client.py", "{port}"], needs=VENV,
        refused=[VENV, "-c", READ_SECRET_PYTHON], refused_expect=SECRET),
    # JavaScript
    "node: HTTP server": script(
        "serve.js", "serves HTTP on a granted port", "served by node", SERVER, "system.env.read", interpreter=[NODE], refused=SECRET,
        flags=["--listen-port", "{port}", "--env", "PORT={port}"], ask=["curl", "-s", "http://127.0.0.1:{port}/"]),
    "node: child_process": script(
        "child.js", "starts a listed program, asynchronously and not", "one\ntwo", EXEC, interpreter=[NODE],
        flags=allow("/bin/echo"), refused=SECRET),
    "node: fs.watch, streams, crypto": script(
        "files.js", "watches a folder, pipes a file through gzip, hashes it", "seen: rename copy.gz", READ, WRITE,
        interpreter=[NODE], refused=SECRET, files={"a.txt": "text\n"}),
    "deno": script(
        "page.ts", "TypeScript that fetches a page and reads a file", "200 readable", READ, CLIENT, "system.env.read",
        interpreter=["{programs}/venv/bin/deno", "run", "--no-prompt", "--allow-all", "--no-remote"],
        flags=["--allow-host", "127.0.0.1:{web}", "--env", "PORT={web}", "--env", "DENO_NO_UPDATE_CHECK=1", "--env", "DENO_DIR={work}/deno",
               "--read-path", ".", "--read-path", "{here}/programs"],
        refused=SECRET, files={"a.txt": "readable"}),
    # Compiled
    "rust": Program(
        "threads, a file and a page", ["{programs}/bin/rust", "work", "{web}"], "200 readable", [READ, CLIENT],
        ["--allow-host", "127.0.0.1:{web}", "--read-path", "."], refused=["{programs}/bin/rust", "escape", "{secret}/key"],
        refused_expect=SECRET, needs="{programs}/bin/rust", files={"a.txt": "readable"}),
    "gcc": Program(
        "compiles: driver, compiler, assembler, linker", ["/usr/bin/gcc", "-o", "hello", "hello.c"], "", [READ, WRITE, EXEC],
        [*allow("{cc1}", "/usr/bin/as", "{collect2}", "/usr/bin/ld"), "--read-path", ".", "--read-path", "/usr/include", "--write-path", "."],
        refused=["/usr/bin/gcc", "-E", "{secret}/key.c"], refused_expect=SECRET, needs="/usr/bin/gcc",
        files={"hello.c": "int main(void) { return 0; }\n"}),
    # Tools
    "git: a repository": Program(
        "init, add, commit, branch, gc, log",
        ["/bin/sh", "-ec", "git init -q . && git add a.txt && git commit -q -m first && git branch more && git gc -q && git log --oneline --all"],
        "first", [READ, WRITE, DELETE, EXEC, "system.env.read"],
        [*allow("/usr/bin/git", "/usr/lib/git-core/git"), *NEW_REPOSITORY, *(word for name in (
            "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b", "GIT_COMMITTER_NAME=a",
            "GIT_COMMITTER_EMAIL=a@b") for word in ("--env", name))],
        refused=["/usr/bin/git", "-C", "{secret}/repo", "log", "--oneline"], refused_expect="the first commit",
        files={"a.txt": "text\n"}, needs="/usr/bin/git"),
    "git: over HTTPS": Program(
        "clones from a server with a certificate",
        ["/usr/bin/git", "clone", "-q", "https://localhost:{tls}/repo.git", "copy"], "", [READ, WRITE, CLIENT, EXEC, "system.env.read"],
        [*allow("/usr/bin/git", "/usr/lib/git-core/git", "/usr/lib/git-core/git-remote-https"), *NEW_REPOSITORY, "--allow-host", "localhost:{tls}", "--read-path", ".",
         "--read-path", "{certificate}", "--write-path", ".", *(word for name in (
             "GIT_SSL_CAINFO={certificate}", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null") for word in ("--env", name))],
        refused=["/usr/bin/git", "ls-remote", "https://localhost:{tls_other}/repo.git"], refused_expect="refs/heads/main",
        needs="/usr/lib/git-core/git-remote-https"),
    "curl, HTTPS": Program(
        "fetches a page from a server with a certificate",
        ["/usr/bin/curl", "-s", "--cacert", "{certificate}", "https://localhost:{tls}/page"], "the page is here",
        [READ, CLIENT], ["--allow-host", "localhost:{tls}", "--read-path", "{certificate}"],
        refused=["/usr/bin/curl", "-s", "--cacert", "{certificate}", "https://localhost:{tls_other}/page"],
        refused_expect="the page is here", needs="/usr/bin/curl"),
    "sqlite3": Program(
        "makes and reads a database", ["/usr/bin/sqlite3", "notes.db", "CREATE TABLE t (x); INSERT INTO t VALUES (41 + 1); SELECT x FROM t"],
        "42", [READ, WRITE], refused=["/usr/bin/sqlite3", "{secret}/new.db", "CREATE TABLE t (x); SELECT 'made'"],
        refused_expect="made", needs="/usr/bin/sqlite3"),
    "ripgrep": Program(
        "searches 50,000 files", ["/usr/bin/rg", "--count-matches", "--no-filename", "needle in 49990", "{forest}"], "3",
        [READ], ["--read-path", "{forest}"], refused=["/usr/bin/rg", "--no-config", SECRET, "{secret}"], refused_expect=SECRET,
        needs="/usr/bin/rg"),
    "redis-server": Program(
        "serves on a granted port and saves to its folder",
        ["/usr/bin/redis-server", "--port", "{port}", "--bind", "127.0.0.1", "--dir", ".", "--save", "", "--daemonize", "no"],
        "PONG", [READ, WRITE, SERVER], ["--listen-port", "{port}"], ask=["redis-cli", "-p", "{port}", "ping"],
        refused=["/usr/bin/redis-server", "{secret}/redis.conf"], refused_expect="Bad directive", refused_code=1,
        needs="/usr/bin/redis-server"),
    "bash": Program(
        "pipes, loops and listed programs",
        ["/bin/bash", "-c", "for n in 3 1 2; do echo $n; done | sort | tail -n 1; printf %s $((6 * 7))"], "3\n42", [EXEC],
        allow("/usr/bin/sort", "/usr/bin/tail"), refused=["/bin/bash", "-c", "read line < {secret}/key; echo $line"],
        refused_expect=SECRET),
    "tar and gzip": Program(
        "packs a folder and unpacks it",
        ["/bin/tar", "-czf", "all.tgz", "a.txt"], "", [READ, WRITE, EXEC], allow("/usr/bin/gzip", "/bin/sh"),
        refused=["/bin/tar", "-cf", "-", "-C", "{secret}", "key"], refused_expect=SECRET, files={"a.txt": "text\n"}),
    "perl": Program(
        "a hash and a pattern", ["/usr/bin/perl", "-MData::Dumper", "-e", "my %h = (a => 42); print Dumper(\\%h)"], "42",
        refused=["/usr/bin/perl", "-e", "open F, '<', '{secret}/key' or die $!; print <F>"], refused_expect=SECRET),
    "script, pseudo-terminal": Program(
        "a command on a terminal of its own", ["/usr/bin/script", "-qec", "test -t 1 && echo on a terminal", "/dev/null"],
        "on a terminal", [EXEC], allow("/bin/sh"), refused=["/usr/bin/script", "-qc", "true", "{secret}/log"],
        refused_expect="", needs="/usr/bin/script"),
    # Browser
    "chromium, headless": Program(
        "opens a page and runs its script",
        ["/usr/lib/chromium/chromium", "--headless", "--no-sandbox", "--no-zygote", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
         "--user-data-dir={work}/profile", "--dump-dom", "http://127.0.0.1:{web}/script"],
        "made by a script", [READ, WRITE, DELETE, CLIENT, EXEC],
        [*allow("/usr/lib/chromium/chromium", "/usr/lib/chromium/chrome_crashpad_handler"), "--allow-host", "127.0.0.1:{web}"],
        refused=["/usr/lib/chromium/chromium", "--headless", "--no-sandbox", "--no-zygote", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                 "--user-data-dir={work}/profile2", "--dump-dom", "file://{secret}/key"], refused_expect=SECRET,
        needs="/usr/lib/chromium/chromium",
        note="its own sandbox needs namespaces, which no box allows: `--no-sandbox`, the box is around it; `--no-zygote`, which learns its "
             "children's numbers from messages that the supervisor sends for it in plain mode"),
}
