"""What a guest does in tests of the packet filter: serves ports, calls them, sends raw frames and captures them."""
import select
import socket
import sys
import time


def serve(protocol, port):
    """Answers every caller with the address that it is seen under, until the standard input ends."""
    stream = protocol == "tcp"
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM if stream else socket.SOCK_DGRAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("", int(port)))
    if stream:
        server.listen()
    print("ready", flush=True)
    while sys.stdin not in select.select([server, sys.stdin], [], [])[0]:
        if stream:
            client, peer = server.accept()
            client.sendall(peer[0].encode())
            client.close()
        else:
            peer = server.recvfrom(100)[1]
            server.sendto(peer[0].encode(), peer)


def call(protocol, address, port):
    """Prints what the server answers, or the failure's name."""
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM)
    client.settimeout(1.5)
    try:
        client.connect((address, int(port)))
        client.sendall(b"" if protocol == "tcp" else b"?")
        print(client.recv(100).decode(), flush=True)
    except OSError as failure:
        print(type(failure).__name__, flush=True)


def send(interface, *frames):
    """Sends raw frames, given in hexadecimal."""
    raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    raw.bind((interface, 0))
    for frame in frames:
        raw.send(bytes.fromhex(frame))


def capture(interface, end):
    """Prints frames that arrive, until one that contains the given bytes."""
    raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    raw.bind((interface, 0))
    print("ready", flush=True)
    give_up = time.monotonic() + 20
    while time.monotonic() < give_up:
        if select.select([raw], [], [], 1)[0]:
            frame, source = raw.recvfrom(2000)
            if source[2] != socket.PACKET_OUTGOING:
                print(frame.hex(), flush=True)
                if end in frame.hex():
                    return


globals()[sys.argv[1]](*sys.argv[2:])
