# The doors through which other systems steer the ACD: TENIOS, APIO, our own API, Cention's Agent API and logio.
import hashlib
import hmac
import http.client
import json
from urllib.parse import urlsplit

REQUEST_MAX_S = 30


class Doors:
    """One workspace as other systems see it. Answers are documents; a status that is not expected is a failure."""

    def __init__(self, server_url, workspace, printed, admin="boss", password=None):
        self.address = urlsplit(server_url).netloc
        self.workspace = workspace
        self.printed = printed
        self.session = None
        if password:
            signed_in = self.send("POST", "/api/v1/login/", {"username": f"{admin}@{workspace}", "password": password})
            self.session = signed_in

    def send(self, method, path, body=None, headers=None, expect=(200, 201)):
        connection = http.client.HTTPConnection(self.address, timeout=REQUEST_MAX_S)
        try:
            content = None if body is None else json.dumps(body).encode()
            connection.request(method, path, content, headers or {})
            answer = connection.getresponse()
            text = answer.read().decode()
            assert answer.status in expect, f"{method} {path}: {answer.status} {text}"
            if path == "/api/v1/login/":
                return answer.headers["Set-Cookie"].split(";")[0]
            return json.loads(text) if text else None
        finally:
            connection.close()

    def tenios(self, call, body, expect=(200,)):
        key = self.printed["tenios_access_keys"]["tenios"]
        return self.send("POST", f"/{call}", {"access_key": key} | body, expect=expect)

    def apio(self, method, user, body=None, rest="", group="sales", expect=(200, 201)):
        path = f"/api/v1/tenants/{self.workspace}/groups/{group}/users/{user}/services/call_centers/{rest}"
        return self.send(method, path, body, {"Cookie": self.session}, expect)

    def api(self, method, path, body=None, expect=(200, 201)):
        headers = {"Authorization": f"Bearer {self.printed['access_tokens']['acd']}"}
        return self.send(method, f"/switchboard/v1/workspaces/{self.workspace}/{path}", body, headers, expect)

    def logio(self, login):
        headers = {"Authorization": f"Bearer {self.printed['access_tokens']['logio']}"}
        path = f"/s/{self.workspace}/capi/custom/logio?format=json&name={login}"
        return [line["action"] for line in self.send("GET", path, headers=headers)]

    def agents(self, method, path, body=None, expect=(200,)):
        """A call of the Agent API, signed with the administrator's key. Values are plain texts."""
        key = self.printed["access_keys"][0]
        values = [str(body[name]) for name in sorted(body or {})]
        text = ":".join([key["access_key_id"], self.workspace, f"/v1/{path}", *values])
        signature = hmac.new(key["secret_access_key"].encode(), text.encode(), hashlib.sha256).hexdigest()
        headers = {"Authorization": f"CENTION1-HMAC-SHA256 {key['access_key_id']},{signature}"}
        return self.send(method, f"/s/{self.workspace}/v1/{path}", body, headers, expect)
