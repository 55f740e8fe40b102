"""The client of a classic student project: reads a length, then that many bytes,
until the length 0. It discards the audio.
"""
import socket
import struct
import sys


def read_exactly(conn, count):
    data = b""
    while len(data) < count:
        part = conn.recv(count - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def main(port):
    received = 0
    with socket.create_connection(("127.0.0.1", port)) as conn:
        while length := struct.unpack(">I", read_exactly(conn, 4))[0]:
            received += len(read_exactly(conn, length))
    print(received)


if __name__ == "__main__":
    main(int(sys.argv[1]))
