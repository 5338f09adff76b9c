"""The well-behaved server of scripts/soak.py: one line with what to do, one line with what came of it.

Each kind of work ends as it should in a box that may write its folder and reach one port on loopback: `ok`, or what was wrong.
"""
import os
import socket
import sys

port, secret = int(sys.argv[1]), sys.argv[2]


def refused(errno_wanted, act):
    try:
        act()
    except OSError as error:
        # A name that is not granted has no address; where a folder is hidden it does not exist.
        return "ok" if isinstance(error, socket.gaierror) or error.errno in errno_wanted else f"errno {error.errno}"
    return "was not refused"


def connect(to):
    with socket.create_connection(("127.0.0.1", to), 30) as stream:
        return "ok" if to != port or stream.recv(2) == b"hi" else "nobody answered"


def files(turn):
    name = f"file-{turn % 16}"
    with open(name + ".new", "w") as file:
        file.write(str(turn))
    os.replace(name + ".new", name)
    with open(name) as file:
        return "ok" if file.read() == str(turn) else "another file"


def fork():
    child = os.fork()
    if child == 0:
        os._exit(7)
    return "ok" if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7 else "the child ended otherwise"


kinds = {
    "connect": lambda turn: connect(port),
    "refused-connect": lambda turn: refused([13], lambda: connect(1)),
    "refused-open": lambda turn: refused([2, 13], lambda: open(secret)),
    "refused-exec": lambda turn: refused([13], lambda: os.execv("/bin/true", ["true"])),
    "refused-name": lambda turn: refused([], lambda: socket.getaddrinfo(f"n{turn}.example.org", 80)),
    "files": files,
    "fork": lambda turn: fork(),
}
for turn, line in enumerate(sys.stdin):
    try:
        print(kinds[line.strip()](turn), flush=True)
    except Exception as error:  # what it was is the answer
        print(f"{type(error).__name__}: {error}", flush=True)
