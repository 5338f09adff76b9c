"""tee.py LOG COMMAND...: runs a server and keeps what goes in (LOG.in) and what comes out (LOG.out), byte for byte."""
import os
import subprocess
import sys
import threading

log, *command = sys.argv[1:]
server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)


def copy(source, target, path, end):
    with open(path, "wb", buffering=0) as kept:
        while part := os.read(source, 65536):
            kept.write(part)
            done = 0
            while done < len(part):
                done += os.write(target, part[done:])
    if end:
        end.close()


writing = threading.Thread(target=copy, args=(0, server.stdin.fileno(), log + ".in", server.stdin), daemon=True)
writing.start()
copy(server.stdout.fileno(), 1, log + ".out", None)
sys.exit(server.wait())
