"""The command lines that are compared."""

import json
import os
import shutil
import subprocess

BARE = "bare"
BOXED = ("plain", "namespaces")
EXPLAINED = ("plain+explain", "namespaces+explain")
BWRAP = "bwrap"
# The same grants with the whole protected list lifted: Landlock alone holds the files.
DIRECT = ("plain+direct", "namespaces+direct")


class Variants:
    """Turns a command into what each variant starts.

    `folder` holds the files of this run: manifests and audit trail.
    """

    def __init__(self, executable, folder):
        self.executable = executable
        self.folder = folder
        self._protected = None
        self.bwrap = shutil.which("bwrap")

    def available(self, *, explained=False):
        names = [BARE, *BOXED]
        if explained:
            names += EXPLAINED
        elif self.bwrap:
            names.append(BWRAP)
        return names

    def command(self, name, command, *, manifest, options=(), readable=()):
        """`readable`: folders beside /usr that the command needs; the launcher finds them itself, bwrap has to be told."""
        if name == BARE:
            return list(command)
        if name == BWRAP:
            return self._bwrap(command, readable)
        isolation, _, addition = name.partition("+")
        line = [self.executable, "run", os.path.join(self.folder, manifest), "--yes", "--quiet"]
        line += ["--isolation", isolation, "--audit", os.path.join(self.folder, "audit.jsonl")]
        if addition == "explain":
            line.append("--explain")
        if addition == "direct":
            line += [word for entry in self.protected() for word in ("--allow-protected", entry)]
        return [*line, *options, "--", *command]

    def protected(self):
        if self._protected is None:
            listed = subprocess.run(
                [self.executable, "permissions", "--protected", "--json"], capture_output=True, check=True
            )
            rows = [row["entry"] for row in json.loads(listed.stdout)]
            # What keeps agentbound's own files closed cannot be lifted, and lies elsewhere.
            self._protected = [row for row in rows if not row.endswith("/agentbound")]
        return self._protected

    def _bwrap(self, command, readable):
        line = [self.bwrap, "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
        line += ["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
        for name in ("bin", "lib", "lib64", "sbin"):
            if os.path.islink("/" + name):
                line += ["--symlink", os.readlink("/" + name), "/" + name]
        for path in ("/etc/ssl", "/etc/localtime", "/etc/ld.so.cache", *readable):
            line += ["--ro-bind-try", path, path]
        return [*line, "--setenv", "PATH", "/usr/bin:/bin", "--", *command]
