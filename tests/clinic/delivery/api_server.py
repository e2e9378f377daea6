"""The API of a mail service on a real socket: keeps what it is sent, and answers what a test says, or not at all."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace


class ApiServer:
    """`requests` in order. `status`, `answer`: what it says. `hang`: it takes the request and closes without a word."""

    def __init__(self):
        self.requests = []
        self.status, self.answer, self.hang, self.seconds = 200, {}, False, 0.0
        self.connections = 0
        self.stopping = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                outer.connections += 1
                super().setup()

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"] or 0))
                outer.requests.append(SimpleNamespace(path=self.path, headers=self.headers, body=body))
                outer.stopping.wait(outer.seconds)
                if outer.hang:
                    self.close_connection = True
                    return
                said = outer.answer if isinstance(outer.answer, str) else json.dumps(outer.answer)
                self.send_response(outer.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(said.encode())))
                self.end_headers()
                self.wfile.write(said.encode())

            do_PUT = do_POST

            def log_message(self, *args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def url(self):
        return "http://{}:{}/".format(*self._server.server_address)

    def start(self):
        self._thread.start()

    def stop(self):
        self.stopping.set()
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()

    def sent(self, number=-1):
        return json.loads(self.requests[number].body)
