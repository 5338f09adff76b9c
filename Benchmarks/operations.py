"""The program inside the box: does what it is told, many times, and says how long it took.

    operations.py FILE PORT LISTEN-PORT      reads `NAME COUNT` lines, answers each with nanoseconds for all of them
    operations.py serve                      an HTTP server on loopback; prints its port

The clock runs inside, so what is measured is the operation and not the conversation about it.
"""

import os
import socket
import sys
import time

page = b"x" * 100
reply = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(page), page)


def serve():
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            stream, _ = listener.accept()
            with stream:
                stream.recv(4096)
                stream.sendall(reply)


class Operations:
    def __init__(self, path, port, listen_port):
        self.path, self.port = path, port
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", listen_port))

    def read(self):
        file = os.open(self.path, os.O_RDONLY)
        os.read(file, 4096)
        os.close(file)

    def write(self):
        # Without truncation, which has ext4 write to the disk at close.
        file = os.open(self.path, os.O_WRONLY)
        os.write(file, page)
        os.close(file)

    def environment(self):
        os.environ.get("LANG")

    def fetch(self):
        with socket.create_connection(("127.0.0.1", self.port)) as stream:
            stream.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            while stream.recv(4096):
                pass

    def notified(self):
        # listen(2) on a bound socket: for the kernel next to nothing, in a box one notification.
        self.listener.listen(1)


def converse():
    operations = Operations(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    print("ready", flush=True)
    for line in sys.stdin:
        name, count = line.split()
        operation = getattr(operations, name)
        begun = time.perf_counter_ns()
        for _ in range(int(count)):
            operation()
        print(time.perf_counter_ns() - begun, flush=True)


if sys.argv[1:] == ["serve"]:
    serve()
else:
    converse()
