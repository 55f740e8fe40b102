"""The server of a classic student project: one thread per listener, blocks of
8 KiB, each preceded by its length, by struct.pack(">I"). Prints `listening PORT`.
"""
import socket
import struct
import sys
import threading

BLOCK = 8192


def serve(conn, path):
    try:
        with conn, open(path, "rb") as song:
            while block := song.read(BLOCK):
                conn.sendall(struct.pack(">I", len(block)) + block)
            conn.sendall(struct.pack(">I", 0))
    except OSError:
        pass  # the listener has left


def main(path):
    server = socket.create_server(("127.0.0.1", 0), backlog=1024)
    print("listening", server.getsockname()[1], flush=True)
    while True:
        conn, _ = server.accept()
        threading.Thread(target=serve, args=(conn, path), daemon=True).start()


if __name__ == "__main__":
    main(sys.argv[1])
