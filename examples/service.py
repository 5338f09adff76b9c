"""What the examples talk to, on this machine only: `service.py page PORT` serves one web page, `service.py collect PORT`
writes down what is sent to it. Prints `ready` once it can be reached."""

import socket
import sys

role, port = sys.argv[1], int(sys.argv[2])
page = b"<title>A page that was granted</title>"
reply = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(page), page)

with socket.create_server(("127.0.0.1", port)) as listener:
    print("ready", flush=True)
    while True:
        stream, _ = listener.accept()
        with stream:
            stream.settimeout(5)
            try:
                received = stream.recv(4096)
                if role == "page":
                    stream.sendall(reply)
            except OSError:
                continue
        if role == "collect":
            print("received:", received.decode("utf-8", "replace"), flush=True)
