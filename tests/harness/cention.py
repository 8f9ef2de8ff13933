# A customer's system that speaks the Cention dialect, as the vendor's published client does.
import http.client
import json
import uuid
from urllib.parse import urlsplit

REQUEST_MAX_S = 30
CHUNK_BYTES = 61  # odd on purpose: chunks end inside words, escapes and characters


class CentionClient:
    """One connection, kept open; not for two threads."""

    def __init__(self, base_url, workspace, token):
        self.address = urlsplit(base_url).netloc
        self.prefix = f"/s/{workspace}/capi/json"
        self.token = token
        self.connection = None
        self.retry_after = None  # of the last answer

    def create_errand(self, subject, body, *, message_id=None, name="Maria Lund",
                      address="maria.lund@example.com", chunked=False):
        """Posts one errand. Answers the status and the document."""
        message = {
            "message_id": message_id or f"{uuid.uuid4()}@example.com",
            "name": name, "from": address, "subject": subject, "body": body,
        }
        return self.post("c3_new_errands", {"msg": message}, chunked=chunked)

    def end_errand(self, errand, body):
        """Ends an errand with an answer from the system."""
        answer = {"user_type": "cention", "user_id": "", "subject": "Answer", "body": body}
        return self.post("c3_end_errands", {"errand_id": int(errand), "answer": answer})

    def post(self, kind, attributes, chunked=False):
        document = json.dumps({"data": {"type": kind, "attributes": attributes}}).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/vnd.api+json"}
        if chunked:
            # The vendor's client sends no Content-Length.
            headers["Transfer-Encoding"] = "chunked"
            document = iter([document[i:i + CHUNK_BYTES] for i in range(0, len(document), CHUNK_BYTES)])
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.address, timeout=REQUEST_MAX_S)
        try:
            self.connection.request(
                "POST", f"{self.prefix}/{kind}", document, headers, encode_chunked=chunked)
            answer = self.connection.getresponse()
            self.retry_after = answer.headers["Retry-After"]
            return answer.status, json.loads(answer.read())
        except Exception:
            # Half an exchange must not leak into the next one.
            self.close()
            raise

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None
