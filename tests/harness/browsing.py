# An agent's browser without a screen: the desk's pages and forms over one connection.
import html
import http.client
import re
from urllib.parse import urlencode, urlsplit

REQUEST_MAX_S = 60


class Browsing:
    def __init__(self, server_url, workspace, login_name, password):
        self.connection = http.client.HTTPConnection(urlsplit(server_url).netloc, timeout=REQUEST_MAX_S)
        self.base = f"/s/{workspace}/desk"
        self.cookie = {}
        self.csrf = None
        status, page = self.post("/sign-in", login_name=login_name, password=password)
        assert status == 303, page
        self.get("")
        assert self.csrf, "the desk has no form"

    def get(self, path):
        """The status and the page; text, or bytes of a file."""
        return self._ask("GET", path)

    def post(self, path, **fields):
        """Sends a form as a page without scripts does."""
        if self.csrf:
            fields["csrf"] = self.csrf
        return self._ask("POST", path, urlencode(fields))

    def upload(self, errand, name, content):
        """Attaches a file to the answer that is being written, as the page's script does. Answers its id."""
        headers = {"Content-Type": "application/octet-stream", "X-CSRF-Token": self.csrf}
        status, line = self._ask("POST", f"/errands/{errand}/uploads?{urlencode({'name': name})}", content, headers)
        found = re.search(r'data-upload="(\d+)"', line)
        return status, found[1] if found else line

    def _ask(self, method, path, body=None, headers=None):
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        headers = self.cookie | (headers or kind)
        self.connection.request(method, self.base + path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if cookie := answer.headers["Set-Cookie"]:
            self.cookie = {"Cookie": cookie.split(";")[0]}
        if not (answer.headers["Content-Type"] or "").startswith("text/html"):
            return answer.status, content
        page = content.decode()
        if found := re.search(r'name="csrf" value="([^"]+)"', page):
            self.csrf = html.unescape(found[1])
        return answer.status, page
