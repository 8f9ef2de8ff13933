# A customer's system that gets callbacks: a process of its own that records what it is sent.
#
# `POST` anything: recorded and answered as told. `GET /-/received`: what came, as JSON.
# `PUT /-/behaviour`: {"fail_first": so many of the next requests get a 500, "pause_s": before each answer}.
import json
import subprocess
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

START_MAX_S = 30
RECEIVED_MAX = 100_000


class Recording(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    lock = threading.Lock()
    received = []
    behaviour = {"fail_first": 0, "pause_s": 0}

    def do_POST(self):
        body = self.body()
        with self.lock:
            fails = self.behaviour["fail_first"] > 0
            if fails:
                self.behaviour["fail_first"] -= 1
            status = 500 if fails else 200
            assert len(self.received) < RECEIVED_MAX
            self.received.append({
                "path": self.path, "headers": dict(self.headers.items()), "body": body, "status": status})
        time.sleep(self.behaviour["pause_s"])
        self.answer(status, {})

    def do_GET(self):
        with self.lock:
            self.answer(200, list(self.received))

    def do_PUT(self):
        wanted = json.loads(self.body())
        with self.lock:
            self.behaviour.update(wanted)
        self.answer(200, {})

    def body(self):
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            body = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            size = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(size)
            if len(body) < size:
                # Its sender was killed: a receiver never takes half a request for one.
                raise ConnectionError("the request ended early")
        return body.decode()

    def answer(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Listening(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        # A sender that was killed while we answered is what some tests are about.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Receiver:
    """The test's hold on the process."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"

    def behave(self, fail_first=0, pause_s=0):
        document = json.dumps({"fail_first": fail_first, "pause_s": pause_s}).encode()
        request = urllib.request.Request(f"{self.url}/-/behaviour", document, method="PUT")
        urllib.request.urlopen(request, timeout=START_MAX_S).close()

    def received(self, path):
        """What came in on a path, oldest first: headers, body (text), status it was answered with."""
        with urllib.request.urlopen(f"{self.url}/-/received", timeout=START_MAX_S) as answer:
            return [record for record in json.load(answer) if record["path"] == path]

    def stop(self):
        # The process ends when its input does, so also when the tests are killed.
        self.process.stdin.close()
        self.process.wait(timeout=START_MAX_S)


def main():
    server = Listening(("127.0.0.1", 0), Recording)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
