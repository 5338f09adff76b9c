"""What one run of a server meets: files, two web servers and a name server, all of them the caller's own."""
import contextlib
import http.server
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

NAMESERVER = pathlib.Path(__file__).parent.parent / "Fixtures" / "dns" / "nameserver.py"
PAGE = "<html><head><title>t</title></head><body><article><h1>Hello</h1><p>the page is here</p></article></body></html>"


class Page(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.reached += 1
        body = PAGE.encode() if self.path == "/page" else b""
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


def web_server(stack):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.daemon_threads = True
    server.reached = 0
    threading.Thread(target=server.serve_forever, daemon=True).start()
    stack.callback(server.shutdown)
    return server


def name_server(stack, log):
    """Answers for test.example and other.example, both with 127.0.0.1; every question is a line in `log`."""
    process = subprocess.Popen(
        [sys.executable, str(NAMESERVER), "--log", str(log), "test.example=127.0.0.1", "other.example=127.0.0.1"],
        stdout=subprocess.PIPE, text=True)
    stack.callback(process.wait)
    stack.callback(process.stdout.close)
    stack.callback(process.kill)
    return int(process.stdout.readline().split()[1])


def git(folder, *words):
    subprocess.run(
        ["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@example.com", *words], check=True,
        capture_output=True, env={"PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1", "HOME": "/nonexistent"})


def repository(folder):
    """Two branches; the second holds one file more."""
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    (folder / "a.txt").write_text("first\n")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message=the first commit")
    git(folder, "checkout", "--quiet", "-b", "more")
    (folder / "b.txt").write_text("second\n")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message=one more file")


class Scene(contextlib.ExitStack):
    """`work` is granted by the cases, `secret` by none; `names` are the words that cases may put in braces."""

    def __init__(self, programs):
        super().__init__()
        root = pathlib.Path(tempfile.mkdtemp(prefix="agentbound-real-"))
        self.callback(shutil.rmtree, root, ignore_errors=True)
        self.root, self.work, self.log = root, root / "work", root / "questions"
        for name in ["work", "secret", "home"]:
            (root / name).mkdir()
        (root / "work" / "a.txt").write_text("readable\n")
        (root / "secret" / "key").write_text("SECRET\n")
        (root / "home" / ".gitconfig").write_text("[user]\n\tname = Ann\n\temail = ann@example.com\n")
        repository(root / "repo")
        repository(root / "secret" / "repo")
        self.good, self.other = web_server(self), web_server(self)
        self.log.touch()
        self.names = {
            "work": self.work, "repo": root / "repo", "secret": root / "secret", "programs": programs,
            "here": pathlib.Path(__file__).parent, "manifests": pathlib.Path(__file__).parent.parent.parent / "manifests",
            "good": self.good.server_address[1], "other": self.other.server_address[1],
            "dns": name_server(self, self.log),
        }

    def fill(self, text):
        """Puts this scene's words in place of `{name}`."""
        for name, value in self.names.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    def environment(self):
        return {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(self.root / "home"), "LANG": "C.UTF-8",
                "XDG_STATE_HOME": str(self.root / "state")}
