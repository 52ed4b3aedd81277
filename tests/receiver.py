"""A far end on loopback that accepts notifications, or fails in one of the ways far ends do."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep

#: How the receiver treats a request: it accepts it, answers 500, drops the connection before
#: reading, closes it half-way through its answer, or is too slow for the sender's patience.
WAYS = ("accept", "error", "drop", "half", "slow")


class Receiver:
    """`ways` says how the next requests are treated; after them, all are accepted.

    `accepted` are the messages that were answered as accepted; `seen` all that were read.
    """

    def __init__(self):
        self.ways, self.accepted, self.seen = [], [], []
        self.lock = threading.Lock()
        self.pause = 3.0


@contextmanager
def receiver():
    state = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            with state.lock:
                way = state.ways.pop(0) if state.ways else "accept"
            if way == "drop":
                self.close_connection = True
                self.connection.close()
                return
            message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with state.lock:
                state.seen.append(message)
            if way == "slow":
                sleep(state.pause)
            if way == "half":
                self.wfile.write(b"HTTP/1.1 2")
                self.connection.close()
                return
            if way == "accept":
                with state.lock:
                    state.accepted.append(message)
            self.send_response(500 if way == "error" else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_):
            pass

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    state.port = server.server_address[1]
    state.url = f"json://127.0.0.1:{state.port}/?cto=1&rto=1"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
