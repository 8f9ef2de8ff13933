# The neutral API as a telephony system uses it: requests with keys, and the stream of events.
import http.client
import json
import threading
import time
import urllib.parse

from .waiting import wait_for

REQUEST_MAX_S = 60


class NeutralClient:
    """One token of one workspace; every request on a connection of its own."""

    def __init__(self, server_url, workspace, token):
        self.host = urllib.parse.urlparse(server_url).netloc
        self.base = f"/switchboard/v1/workspaces/{workspace}"
        self.token = token

    def send(self, method, path, body=None, key=None):
        """The status and the document."""
        connection = http.client.HTTPConnection(self.host, timeout=REQUEST_MAX_S)
        headers = {"Authorization": f"Bearer {self.token}"}
        if key:
            headers["Idempotency-Key"] = key
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body)
        try:
            connection.request(method, self.base + path, data, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def insist(self, method, path, body=None, key=None, within_s=60):
        """Sends until there is an answer, over restarts of the server; a key makes it count once."""
        end = time.monotonic() + within_s
        while True:
            try:
                status, document = self.send(method, path, body, key)
                if status != 503:
                    return status, document
            except (OSError, http.client.HTTPException):
                pass
            assert time.monotonic() < end, f"no answer to {method} {path}"
            time.sleep(0.05)

    def queue(self, name):
        return next(queue["id"] for queue in self.send("GET", "/queues")[1]["items"] if queue["name"] == name)

    def agents(self):
        return {agent["login_name"]: agent for agent in self.send("GET", "/agents")[1]["items"]}


class EventFollower:
    """Follows the stream over breaks by `Last-Event-ID`; keeps every event in the order it came."""

    def __init__(self, client, after=0):
        self.client, self.last, self.events, self.breaks = client, after, [], 0
        self.reloads = 0
        self.on_event = lambda event: None
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def _follow(self):
        while not self._stopped.is_set():
            try:
                self._read()
            except (OSError, http.client.HTTPException, ValueError):
                pass
            self.breaks += 1
            self._stopped.wait(0.05)

    def _read(self):
        connection = http.client.HTTPConnection(self.client.host, timeout=REQUEST_MAX_S)
        headers = {"Authorization": f"Bearer {self.client.token}", "Accept": "text/event-stream",
                   "Last-Event-ID": str(self.last)}
        try:
            connection.request("GET", self.client.base + "/events", headers=headers)
            answer = connection.getresponse()
            if answer.status != 200:
                return
            fields = {}
            while not self._stopped.is_set():
                line = answer.readline()
                if not line:
                    return
                line = line.decode().rstrip("\n")
                if line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                    continue
                if fields.get("event") == "reload":
                    self.reloads += 1
                elif "id" in fields:
                    self._take(fields)
                fields = {}
        finally:
            connection.close()

    def _take(self, fields):
        event = json.loads(fields["data"])
        assert fields["id"] == str(event["seq"]) and fields["event"] == event["kind"]
        with self._lock:
            self.events.append(event)
            self.last = event["seq"]
        self.on_event(event)

    def of(self, kind, item=None):
        with self._lock:
            return [event for event in self.events if event["kind"] == kind
                    and (item is None or event["data"].get("item") == item)]

    def wait_for(self, kind, item=None, count=1):
        return wait_for(f"{count} {kind} of {item}", lambda: self.of(kind, item)[count - 1:] or None)[0]

    def stop(self):
        self._stopped.set()
