#!/usr/bin/env python3
"""A name server for tests: UDP and TCP on one address and port, answers from a table.

    nameserver.py [--address 127.0.0.1] [--port 0] [--log FILE] NAME=VALUE...

VALUE is a comma-separated list of IPv4 and IPv6 addresses, or one of
    cname:OTHER.NAME   an alias; the addresses of OTHER.NAME follow in the same answer
    tc:ADDRESSES       cut short over UDP, whole over TCP
    delay:SECONDS:ADDRESSES   answered late
    garbage            bytes that are no DNS message
    silence            no answer
    servfail, nxdomain
A name that is not in the table does not exist. The first line of output is `port N`; each question is one line in FILE
(default: standard error): transport, type, name as spelled, name length, additional records.
"""
import argparse
import ipaddress
import select
import socket
import struct
import sys
import time

A, CNAME, AAAA = 1, 5, 28


def wire(name):
    labels = [label for label in name.split(".") if label]
    return b"".join(bytes([len(label)]) + label.encode() for label in labels) + b"\0"


def question(message):
    """The name as spelled, its type and the bytes of the question; raises on anything that is too short."""
    labels, at = [], 12
    while message[at]:
        labels.append(message[at + 1:at + 1 + message[at]].decode("latin-1"))
        at += 1 + message[at]
    kind, = struct.unpack_from("!H", message, at + 1)
    return ".".join(labels), kind, message[12:at + 5]


def record(name, kind, data, ttl=60):
    return wire(name) + struct.pack("!HHIH", kind, 1, ttl, len(data)) + data


def records(table, name, kind, depth=0):
    value = table.get(name.lower(), "")
    if value.startswith("cname:") and depth < 8:
        target = value[6:]
        return [record(name, CNAME, wire(target))] + records(table, target, kind, depth + 1)
    plain = value.split(":", 1)[1] if value.startswith("tc:") else value
    plain = plain.split(":", 2)[2] if plain.startswith("delay:") else plain
    found = []
    for text in filter(None, plain.split(",")):
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            continue
        if kind == (A if address.version == 4 else AAAA):
            found.append(record(name, kind, address.packed))
    return found


def answer(table, message, over_tcp, log):
    if len(message) < 12:
        return None
    name, kind, asked = question(message)
    identity, _, _, _, _, additional = struct.unpack_from("!6H", message)
    print("tcp" if over_tcp else "udp", kind, name, len(name), additional, file=log, flush=True)
    value = table.get(name.lower())
    if value == "silence":
        return None
    if value == "garbage":
        return b"\xff" * 40
    code = {None: 3, "nxdomain": 3, "servfail": 2}.get(value, 0)
    if value and value.startswith("delay:"):
        time.sleep(float(value.split(":")[1]))
    cut = bool(value) and value.startswith("tc:") and not over_tcp
    found = [] if code or cut else records(table, name, kind)
    flags = 0x8180 | code | (0x0200 if cut else 0)
    return struct.pack("!6H", identity, flags, 1, len(found), 0, 0) + asked + b"".join(found)


def exactly(client, count):
    data = b""
    while len(data) < count:
        more = client.recv(count - len(data))
        if not more:
            raise OSError("the client went away")
        data += more
    return data


def serve_stream(table, client, log):
    client.settimeout(2)
    with client:
        try:
            while True:
                length, = struct.unpack("!H", exactly(client, 2))
                reply = answer(table, exactly(client, length), True, log)
                if reply is None:
                    return
                client.sendall(struct.pack("!H", len(reply)) + reply)
        except (OSError, IndexError, struct.error):
            return


def main():
    parser = argparse.ArgumentParser(description="A name server for tests.")
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=argparse.FileType("a"), default=sys.stderr)
    parser.add_argument("entries", nargs="*", metavar="NAME=VALUE")
    arguments = parser.parse_args()
    table = dict(entry.lower().split("=", 1) for entry in arguments.entries)

    family = socket.AF_INET6 if ":" in arguments.address else socket.AF_INET
    stream = socket.socket(family, socket.SOCK_STREAM)
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    stream.bind((arguments.address, arguments.port))
    stream.listen(16)
    port = stream.getsockname()[1]
    datagram = socket.socket(family, socket.SOCK_DGRAM)
    datagram.bind((arguments.address, port))
    print("port", port, flush=True)
    while True:
        for ready in select.select([datagram, stream], [], [])[0]:
            if ready is stream:
                serve_stream(table, stream.accept()[0], arguments.log)
                continue
            message, sender = datagram.recvfrom(4096)
            try:
                reply = answer(table, message, False, arguments.log)
            except (IndexError, struct.error):
                continue
            if reply is not None:
                datagram.sendto(reply, sender)


if __name__ == "__main__":
    main()
