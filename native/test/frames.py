#!/usr/bin/env python3
"""Speaks the frames of native/README.md for the tests.

frames.py exec PROGRAM DIR INPUT DIRECTIVE...      runs berth-launch exec; INPUT is sent as stdin ("-" sends none)
frames.py files PROGRAM DIR INPUT WORD...          one request about a container's files
frames.py attach SOCKET SECONDS [type:text ...]    attaches, sends the frames (0:text, 3:ROWSxCOLUMNS, 6:, 7:NUMBER), prints what comes

Prints one line per frame: its type, then the data as Python would write it; frame 4, the exit, as it is.
"""
import select
import socket
import struct
import subprocess
import sys
import time


def frame(kind, data):
    return bytes([kind, 0, 0, 0]) + struct.pack(">I", len(data)) + data


def frames(data):
    while len(data) >= 8:
        length = struct.unpack(">I", data[4:8])[0]
        if len(data) < 8 + length:
            break
        yield data[0], data[8 : 8 + length]
        data = data[8 + length :]


def show(data):
    streams = {1: b"", 2: b""}
    for kind, text in frames(data):
        if kind in streams:
            streams[kind] += text
        elif kind == 4:
            streams[4] = text
    for kind, text in streams.items():
        if kind == 4:
            print(4, text.decode().strip())
        elif text:
            print(kind, repr(text.decode(errors="replace")))


def run_exec(command, program, directory, text, directives):
    plan = b"".join(d.encode() + b"\0" for d in directives)
    sent = frame(5, plan)
    if text != "-":
        sent += frame(0, text.encode().decode("unicode_escape").encode()) + frame(6, b"")
    done = subprocess.run([program, command, directory], input=sent, stdout=subprocess.PIPE)
    show(done.stdout)
    return done.returncode


def encode(argument):
    kind, _, text = argument.partition(":")
    if kind == "3":
        rows, columns = text.split("x")
        return frame(3, struct.pack(">HH", int(rows), int(columns)))
    if kind == "7":
        return frame(7, bytes([int(text)]))
    return frame(int(kind), text.encode().decode("unicode_escape").encode())


def attach(path, seconds, arguments):
    peer = socket.socket(socket.AF_UNIX)
    peer.connect(path)
    for argument in arguments:
        peer.sendall(encode(argument))
        time.sleep(0.15)
    data, end = b"", time.time() + float(seconds)
    while time.time() < end and select.select([peer], [], [], max(0, end - time.time()))[0]:
        part = peer.recv(65536)
        if not part:
            break
        data += part
    show(data)
    return 0


if __name__ == "__main__":
    if sys.argv[1] in ("exec", "files"):
        sys.exit(run_exec(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5:]))
    sys.exit(attach(sys.argv[2], sys.argv[3], sys.argv[4:]))
