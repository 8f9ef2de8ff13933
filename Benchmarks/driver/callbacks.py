"""Callbacks to a local receiver: sustained rate, and the order within each errand."""
import asyncio
import http.client
import json
import re
import threading
import time

from processes import Server, run, BENCH


class Receiver:
    """Answers 200 and remembers which errand's delivery came when."""

    def __init__(self):
        self.seen = []
        self.loop = asyncio.new_event_loop()
        self.started = threading.Event()
        threading.Thread(target=self.serve, daemon=True).start()
        self.started.wait()

    def serve(self):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self.talk, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self.started.set()
        self.loop.run_forever()

    async def talk(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
                body = await reader.readexactly(length)
                errand = re.search(rb'"type":"c3_answer_errands","id":"(\d+)"', body)
                event = re.search(rb'"type":"c3_callback_answer_errands","id":"(\d+)"', body)
                self.seen.append((int(errand[1]), int(event[1])))
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


def measure(work, errands, say):
    """Errands that come answered, so that each has a callback; the time from the first to the last."""
    receiver = Receiver()
    folder = work / "callbacks"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "workspace.yaml"
    file.write_text(
        "workspace: bench\ncallback_networks: [127.0.0.0/8]\nareas: [{name: area 1}]\n"
        "agents: [{login_name: agent1, user_name: A, email_address: a@bench.example.com}]\n"
        "agent_groups: [{name: g, areas: [area 1], agents: [agent1]}]\n"
        "access_tokens: [{name: bench, key: bench, claims: [create_errand], channel: form, area: area 1}]\n"
        f'callbacks: [{{name: c, endpoint: "http://127.0.0.1:{receiver.port}/", event: answer_errand, areas: [area 1]}}]\n')
    server = Server.switchboard(folder)
    try:
        import subprocess
        from processes import SWITCHBOARD
        made = json.loads(subprocess.run([SWITCHBOARD, "provision", file, "--data", folder],
                                         capture_output=True, text=True, check=True).stdout)
        token = made["access_tokens"]["bench"]
        say(f"{errands} answered errands, a callback each")
        began = time.monotonic()

        def create(part, of):
            connection = http.client.HTTPConnection("127.0.0.1", server.port)
            for number in range(part, errands, of):
                connection.request("POST", "/s/bench/capi/json/c3_new_errands", json.dumps({"data": {
                    "type": "c3_new_errands", "attributes": {
                        "msg": {"message_id": f"c{number}", "from": "a@example.com", "subject": "s", "body": "b"},
                        "answer": {"subject": "s", "body": "It is on its way.", "html_body": "",
                                   "user_type": "cention", "user_id": "1"}}}}),
                    {"Authorization": f"Bearer {token}", "Content-Type": "application/vnd.api+json"})
                answer = connection.getresponse()
                text = answer.read()
                assert answer.status == 201, text

        threads = [threading.Thread(target=create, args=(part, 16)) for part in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        created = time.monotonic()
        while len(receiver.seen) < errands and time.monotonic() < created + 120:
            time.sleep(0.01)
        ended = time.monotonic()
    finally:
        server.stop()
    per_errand = {}
    ordered = True
    for errand, event in receiver.seen:
        ordered = ordered and per_errand.get(errand, 0) < event
        per_errand[errand] = event
    return {"count": len(receiver.seen), "create_s": created - began, "all_s": ended - began,
            "rate": len(receiver.seen) / (ended - began), "ordered": ordered}
