"""A line that hands every word to the proxy and loses its answers to orders."""

import http.server
import json
import threading
import urllib.request

from delivery.ramp.line import ask_proxy
from tests.delivery.parallel.conftest import TOKEN


class LosingAnswers:
    def __init__(self, proxy_url, *, is_silent_afterwards=False):
        self.has_lost = False
        line = self

        class Passing(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                if line.has_lost and is_silent_afterwards:
                    return
                body = json.dumps(ask_proxy(proxy_url, TOKEN, "status")).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                words = self.rfile.read(int(self.headers["Content-Length"]))
                head = {"Authorization": self.headers["Authorization"]}
                urllib.request.urlopen(urllib.request.Request(proxy_url + self.path, data=words, headers=head)).close()
                line.has_lost = True
                self.wfile.write(b"no status line\r\n")

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Passing)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
