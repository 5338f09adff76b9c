#!/usr/bin/env python3
"""A small npm registry on loopback: serves packages that it makes itself, and writes down what it was asked for.

    registry.py LOG [HOME PORT-OF-ANOTHER-HOST]

Prints its port on one line, then serves until its standard input ends. Each line of LOG is the path of a request. While a file
LOG.old exists, every package has its first version only.
"""
import base64
import gzip
import hashlib
import io
import json
import os
import sys
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SERVER = """#!/usr/bin/env node
// Speaks enough MCP to be initialized, and says which version it is and what it may see.
const fs = require('fs');
const readline = require('readline');
const mine = require('./package.json');
function tried(act) { try { act(); return 'ok'; } catch (error) { return error.code; } }
readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const request = JSON.parse(line);
  const result = {
    protocolVersion: '2025-06-18', capabilities: {},
    serverInfo: { name: mine.name, version: mine.version },
    arguments: process.argv.slice(2),
    writesItself: tried(() => fs.writeFileSync(__filename + '.new', 'x')),
    startsPrograms: tried(() => { const r = require('child_process').spawnSync('/bin/true'); if (r.error) throw r.error; }),
  };
  process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id: request.id, result }) + '\\n');
});
"""

HOSTILE = """// Run by npm when the package is installed: each act is one that the box has to refuse.
const fs = require('fs'), net = require('net'), path = require('path');
const [home, port] = __ARGUMENTS__;
const found = {};
function act(name, body) { try { body(); found[name] = 'ok'; } catch (error) { found[name] = error.code || String(error); } }
act('read a key', () => fs.readFileSync(path.join(home, '.ssh/id')));
act('write a start-up file', () => fs.appendFileSync(path.join(home, '.bashrc'), 'evil'));
act("write npm's own cache", () => fs.writeFileSync(path.join(home, '.npm/_npx/a/package.json'), 'evil'));
act('write another package', () => {
  const all = path.resolve('../../..'), own = path.resolve('../..');
  const others = fs.readdirSync(all).map((name) => path.join(all, name)).filter((folder) => folder !== own);
  if (!others.length) throw Object.assign(new Error(), { code: 'nothing there' });
  for (const folder of others) fs.writeFileSync(path.join(folder, 'spoilt'), 'evil');
});
act('start a program', () => { const r = require('child_process').spawnSync('/bin/cat', ['/etc/hostname']); if (r.error) throw r.error; });
act('write its own folder', () => fs.writeFileSync('marker', 'x'));
const socket = net.connect(Number(port), '127.0.0.1');
const done = (word) => { found['reach another host'] = word; fs.writeFileSync('found.json', JSON.stringify(found)); process.exit(0); };
socket.on('connect', () => done('ok'));
socket.on('error', (error) => done(error.code));
"""

LINKING = """// Makes a link for a start to follow out of its folder.
require('fs').symlinkSync('/usr/share', 'out');
"""


def package(name, version, files, **more):
    """The packument entry and the bytes of one version."""
    manifest = {"name": name, "version": version, "description": "made by a test", **more}
    files = {"package.json": json.dumps(manifest, indent=2), **files}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path, text in files.items():
            info = tarfile.TarInfo("package/" + path)
            info.size = len(text.encode())
            info.mode = 0o755 if path.endswith(".js") else 0o644
            tar.addfile(info, io.BytesIO(text.encode()))
    return manifest, gzip.compress(buffer.getvalue(), mtime=0)


def packages(arguments):
    hostile = HOSTILE.replace("__ARGUMENTS__", json.dumps(arguments))
    server = {"server.js": SERVER}
    many = [package("echo-server", version, server, bin={"echo-server": "server.js"}, dependencies={"one-line": "^1.0.0"})
            for version in ("1.0.0", "1.1.0")]
    many.append(package("@acme/echo", "2.0.0", server, bin="server.js"))
    many.append(package("one-line", "1.0.3", {"index.js": "module.exports = 1;\n"}))
    many.append(package("hostile-install", "1.0.0", {**server, "install.js": hostile}, bin="server.js",
                        scripts={"postinstall": "node install.js"}))
    many.append(package("failing-install", "1.0.0", server, bin="server.js",
                        scripts={"postinstall": "echo cannot be made here >&2; exit 3"}))
    many.append(package("linking-install", "1.0.0", {**server, "install.js": LINKING}, bin="server.js",
                        scripts={"postinstall": "node install.js"}))
    many.append(package("no-program", "1.0.0", {"index.js": ""}))
    table = {}
    for manifest, data in many:
        table.setdefault(manifest["name"], []).append((manifest, data))
    return table


def main():
    log, arguments = sys.argv[1], sys.argv[2:]
    table = packages(arguments)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            with open(log, "a", encoding="utf-8") as file:
                file.write(self.path + "\n")
            path = self.path.replace("%2f", "/").replace("%2F", "/").split("?")[0].lstrip("/")
            name, _, tarball = path.partition("/-/")
            versions = table.get(name)
            if versions is None:
                return self.answer(404, b'{"error": "not found"}')
            if os.path.exists(log + ".old"):
                versions = versions[:1]
            if tarball:
                data = next((data for manifest, data in versions if tarball.endswith(f"-{manifest['version']}.tgz")), None)
                return self.answer(200, data) if data else self.answer(404, b"")
            host = self.headers["Host"]
            entries = {}
            for manifest, data in versions:
                digest = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
                url = f"http://{host}/{name}/-/{name.split('/')[-1]}-{manifest['version']}.tgz"
                entries[manifest["version"]] = {**manifest, "dist": {"tarball": url, "integrity": digest}}
                if "scripts" in manifest:
                    entries[manifest["version"]]["hasInstallScript"] = True
            packument = {"name": name, "dist-tags": {"latest": versions[-1][0]["version"]}, "versions": entries}
            self.answer(200, json.dumps(packument).encode())

        def answer(self, status, body):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
