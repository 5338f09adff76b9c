"""Runs programs of programs.py, outside and in the box, and prints what came of it.

    run.py --launcher PATH --programs DIR [--isolation namespaces|plain]... [--markdown FILE] [NAME...]

Each does its work in the box; what it is refused there works outside in the same run. With --markdown the table in that
file is written anew. Exits with 1 when a program does not behave as programs.py says, with 0 otherwise.
"""
import argparse
import contextlib
import functools
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

from programs import PROGRAMS

HERE = pathlib.Path(__file__).parent
LIMIT = 180  # seconds for one program, on a machine that is busy
PAGES = {
    "/page": "<html><body><p>the page is here</p></body></html>",
    "/script": "<html><body><script>document.body.append('made by ' + 'a script')</script></body></html>",
}


class Handler(http.server.SimpleHTTPRequestHandler):
    """Some pages, and the files of one folder."""
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        page = PAGES.get(self.path)
        if page is None:
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *words):
        pass


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def output(*words, **more):
    return subprocess.run(words, check=True, capture_output=True, text=True, timeout=LIMIT, **more).stdout


def git(folder, *words):
    return output(
        "git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-C", folder, *words,
        env={"PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1", "HOME": "/nonexistent"})


def repository(folder):
    folder.mkdir()
    git(folder, "init", "-q", "--initial-branch=main")
    (folder / "b.txt").write_text("text\n")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "the first commit")


class Scene(contextlib.ExitStack):
    """Files, web servers and words for one program."""

    def __init__(self, programs):
        super().__init__()
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="agentbound-compatibility-"))
        self.callback(shutil.rmtree, self.root, ignore_errors=True)
        for name in ["work", "secret", "home", "site"]:
            (self.root / name).mkdir()
        for name in ["key", "key.c", "redis.conf"]:
            (self.root / "secret" / name).write_text("SECRET\n")
        repository(self.root / "secret" / "repo")
        git(self.root, "clone", "-q", "--bare", self.root / "secret" / "repo", self.root / "site" / "repo.git")
        git(self.root / "site" / "repo.git", "update-server-info")
        certificate, key = self.root / "site" / "certificate.pem", self.root / "key.pem"
        output("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
               "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
        self.words = {
            "work": self.root / "work", "secret": self.root / "secret", "here": HERE, "programs": programs,
            "forest": programs / "forest", "certificate": certificate, "port": free_port(), "other": free_port(),
            "web": self.serve(None), "tls": self.serve(tls), "tls_other": self.serve(tls),
            **{name: output("/usr/bin/gcc", f"-print-prog-name={name}").strip() for name in ["cc1", "collect2"]
               if shutil.which("gcc")},
        }

    def serve(self, tls):
        handler = functools.partial(Handler, directory=self.root / "site")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # clients that go away
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.callback(server.shutdown)
        return server.server_address[1]

    def fill(self, text):
        return re.sub(r"\{(\w+)\}", lambda found: str(self.words.get(found[1], found[0])), text)

    def fill_all(self, words):
        return [self.fill(word) for word in words]

    def environment(self, program):
        """Outside, a program gets what its flags would let through."""
        given = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(self.root / "home"), "LANG": "C.UTF-8"}
        flags = self.fill_all(program.flags)
        given.update(word.split("=", 1) for flag, word in zip(flags, flags[1:]) if flag == "--env" and "=" in word)
        return given

    def renew(self, program):
        """An empty working directory but for the program's files."""
        work = self.words["work"]
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        for name, text in program.files.items():
            (work / name).write_text(text)


def run(scene, program, command, ask=()):
    """-> exit code, and what the command said on both streams or, where it is asked, what it answered"""
    scene.renew(program)
    with open(scene.root / "said", "wb+") as said:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, cwd=scene.words["work"],
            env=scene.environment(program), start_new_session=True)
        answer = ""
        try:
            end = time.monotonic() + LIMIT
            while ask and not answer and process.poll() is None and time.monotonic() < end:
                asked = subprocess.run(scene.fill_all(ask), capture_output=True, text=True, timeout=LIMIT)
                answer = asked.stdout if asked.returncode == 0 else ""
                if not answer:
                    time.sleep(0.2)
            if ask:
                process.send_signal(signal.SIGTERM)
            code = process.wait(LIMIT)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        said.seek(0)
        return (0 if answer else code), answer + said.read().decode(errors="replace")


def boxed(scene, program, command, arguments, isolation):
    manifest = scene.root / "manifest.json"
    manifest.write_text(json.dumps(
        {"description": program.what, "permissions": ["mcp.ac." + name for name in program.grants]}))
    flags = program.flags + (program.plain if isolation == "plain" else [])
    return [arguments.launcher, "run", str(manifest), "--yes", "--no-audit", "--isolation", isolation,
            *scene.fill_all(flags), "--", *scene.fill_all(command)]


def check(name, program, arguments, isolation):
    """-> what is wrong"""
    problems = []
    with Scene(arguments.programs) as scene:
        code, said = run(scene, program, boxed(scene, program, program.command, arguments, isolation), program.ask)
        if code != 0 or program.expect not in said.replace("\r\n", "\n"):
            problems.append(f"does not work: {code}: {said[-2000:]}")
        code, said = run(scene, program, scene.fill_all(program.refused))
        if code != program.refused_code or program.refused_expect not in said:
            problems.append(f"what it is refused does not work outside: {code}: {said[-2000:]}")
        code, said = run(scene, program, boxed(scene, program, program.refused, arguments, isolation))
        if program.refused_expect in said if program.refused_expect else code == 0:
            problems.append(f"is not refused: {said[-2000:]}")
        if "agentbound: error" in said:
            problems.append(f"did not start to be refused: {said[-2000:]}")
    return problems


def short(words):
    """Flags as a reader would type them."""
    text = " ".join(words).replace("{programs}/venv/bin/", "").replace("{here}/programs", "./app")
    return re.sub(r"\{(\w+)\}", lambda found: found[1].upper(), text).replace("|", "\\|")


def table():
    rows = ["| program | does | permissions | flags |", "| --- | --- | --- | --- |"]
    for name, program in PROGRAMS.items():
        plain = f"; in plain mode also `{short(program.plain)}`" if program.plain else ""
        flags = f"`{short(program.flags)}`" if program.flags else "none"
        note = f" ({program.note})" if program.note else ""
        note = f"; in {program.only} mode alone{note}" if program.only else note
        rows.append(f"| {name} | {program.what}{note} | {', '.join(program.grants) or 'none'} | {flags}{plain} |")
    return "\n".join(rows)


def write(path, text):
    begin, end = "<!-- programs: made by Tests/Compatibility/run.py -->\n", "\n<!-- end of programs -->"
    whole = path.read_text()
    before, rest = whole.split(begin)
    path.write_text(before + begin + text + end + rest.split(end, 1)[1])


def main():
    parser = argparse.ArgumentParser(description="Runs programs in the box.")
    parser.add_argument("--launcher", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("--programs", type=pathlib.Path, default=pathlib.Path("/tmp/agentbound-compatibility"))
    parser.add_argument("--isolation", action="append", choices=["namespaces", "plain"])
    parser.add_argument("--markdown", type=pathlib.Path)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    if arguments.markdown:
        write(arguments.markdown, table())
        if not arguments.launcher:
            return
    failed = 0
    for name in arguments.names or PROGRAMS:
        program = PROGRAMS[name]
        needed = program.needs.replace("{programs}", str(arguments.programs))
        if needed and not shutil.which(needed):
            print(f"left out  {name}: no {needed}")
            continue
        for isolation in arguments.isolation or ["namespaces", "plain"]:
            if program.only not in ("", isolation):
                continue
            begun = time.monotonic()
            problems = check(name, program, arguments, isolation)
            failed += bool(problems)
            print(f"{'FAILED' if problems else 'works'}  {name} ({isolation}, {time.monotonic() - begun:.1f} s)", flush=True)
            for problem in problems:
                print(f"    {problem}", file=sys.stderr, flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
