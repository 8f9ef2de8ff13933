# A full disk: writes get 507, reads go on, and with room again everything does, without a restart.
import base64
import http.client
import json
import os
import shutil
from urllib.parse import urlsplit

import pytest

from conftest import PASSWORD
from harness.browsing import Browsing
from harness.cluster import Cluster
from harness.database import SQLite
from harness.disk import SmallDisk
from harness.server import Server
from harness.waiting import wait_for
from live.rows import ERRANDS

DISK_MIB = {"sqlite": 32, "postgresql": 64}
SMALL = 3_000
LARGE = 300_000  # stored before the verb, outside of its row
TRIES_MAX = 2_000
FULL = 5  # refused in a row


@pytest.fixture(scope="module")
def cluster(engine, disk):
    """Its data on the small disk, its log elsewhere: where the log finds no room, PostgreSQL ends itself."""
    cluster = Cluster(disk=disk) if engine == "postgresql" else None
    try:
        if cluster:
            cluster.start()
        yield cluster
    finally:
        if cluster:
            cluster.clear()


@pytest.fixture(scope="module")
def disk(engine):
    if engine == "postgresql" and os.getuid() != 0:
        pytest.skip("PostgreSQL runs as no root, not even as that of a namespace")
    disk = SmallDisk(DISK_MIB[engine])
    yield disk
    disk.clear()


@pytest.fixture(scope="module")
def server(engine, disk, cluster):
    server = Server(cluster.database) if cluster else Server(engine, disk)
    try:
        server.start()
        yield server
        server.stop()
    finally:
        server.clear()


class Customers:
    """Their errands, and what became of them."""

    def __init__(self, workspace):
        self.client = workspace.client()
        self.acknowledged, self.refused = {}, []

    def send(self, size=SMALL, file=b""):
        """The status; anything but a 201 and a whole 507 is a failure."""
        message_id = f"{len(self.acknowledged) + len(self.refused)}@example.com"
        message = {"message_id": message_id, "from": "maria@example.com", "subject": "Room?", "body": "b" * size}
        if file:
            message["attachments"] = [
                {"name": "file", "content_type": "text/plain", "content": base64.b64encode(file).decode()}]
        status, document = self.client.post("c3_new_errands", {"msg": message})
        if status == 201:
            self.acknowledged[message_id] = document["data"]["id"]
        else:
            error = document["errors"][0]
            assert (status, error["status"], error["title"]) == (507, "507", "Insufficient Storage"), document
            assert "The disk is full" in error["detail"]
            assert self.client.retry_after is None
            self.refused.append(message_id)
        return status

    def send_until_full(self, disk):
        """Also what is left in pages that are there already."""
        disk.fill()
        in_a_row = 0
        for _ in range(TRIES_MAX):
            in_a_row = 0 if self.send() == 201 else in_a_row + 1
            if in_a_row == FULL:
                return
            disk.fill()
        raise AssertionError("the disk is never full")


def when_full(disk, act):
    """The first refusal: what a vacuum gives back meanwhile is room for one more, and is filled up again."""
    for _ in range(TRIES_MAX):
        disk.fill()
        status, page = act()
        if status == 507:
            return page
        assert status in (201, 303), page[:2000]
    raise AssertionError("the disk is never full")


def fetched(server, workspace, token, file):
    """The content of an answer's file, by the wire."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
    connection.request("GET", f"/s/{workspace.name}/capi/json/c3_response_attachments/{file}",
                       headers={"Authorization": f"Bearer {token}", "Accept": "application/vnd.api+json"})
    answer = connection.getresponse()
    document = json.loads(answer.read())
    connection.close()
    assert answer.status == 200, document
    return base64.b64decode(document["data"]["attributes"]["attachment"]["content"])


def test_a_full_disk(engine, server, disk, make_workspace, tmp_path):
    workspace = make_workspace()
    token = server.provision(f"""
workspace: {workspace.name}
access_tokens:
  - {{name: files, key: files-key, claims: [attachments]}}
""")["access_tokens"]["files"]
    customers = Customers(workspace)
    process = server.process.pid
    theirs, ours = os.urandom(LARGE), os.urandom(LARGE)
    assert customers.send(file=theirs) == 201
    assert customers.send(file=theirs) == 201
    answered, kept = customers.acknowledged.values()
    ana = Browsing(server.url, workspace.name, "ana", PASSWORD)
    for errand in answered, kept:
        assert ana.post(f"/errands/{errand}/take")[0] == 303
    status, upload = ana.upload(answered, "terms.txt", ours)
    assert status == 201
    page = ana.get(f"/errands/{answered}")[1]
    assert ana.post(f"/errands/{answered}/answer", body="Here.", upload=upload, version=version(page))[0] == 303

    for _ in range(2):
        customers.send_until_full(disk)
        for _ in range(3):
            when_full(disk, lambda: (customers.send(file=os.urandom(LARGE)), ""))
        words = "What I would not want to type again " * 90
        page = when_full(disk, lambda: ana.post(f"/errands/{kept}/note", note=words))
        assert "The disk is full" in page and "type again" in page, page[:2000]
        page = when_full(disk, lambda: ana.upload(kept, "more.bin", os.urandom(LARGE)))
        assert "The disk is full" in page

        # Who reads notices nothing.
        assert ana.get("")[0] == 200
        assert ana.get("/areas")[0] == 200
        status, page = ana.get(f"/errands/{kept}")
        assert status == 200 and "Room?" in page
        file = page.partition(f"/errands/{kept}/files/")[2].partition('"')[0]
        assert ana.get(f"/errands/{kept}/files/{file}") == (200, theirs)
        assert fetched(server, workspace, token, upload) == ours
        assert server.readiness()[0] == 200

        disk.make_room()
        wait_for("room for an errand", lambda: customers.send() == 201)
        assert customers.send(file=os.urandom(LARGE)) == 201
        assert ana.post(f"/errands/{kept}/note", note="There is room.")[0] == 303
    assert server.process.poll() is None and server.process.pid == process

    server.stop()
    found = sorted((row["message_id"], str(row["id"])) for row in seen(server, disk, tmp_path).rows(ERRANDS))
    assert found == sorted(customers.acknowledged.items()), "acknowledged once, refused never"
    server.start()
    ana.connection.close()
    assert ana.get(f"/errands/{kept}/files/{file}") == (200, theirs)
    print(f"\n{len(found)} acknowledged, {len(customers.refused)} refused")


def seen(server, disk, folder):
    """The database where the test can open it: SQLite would follow the way into the namespace out of it."""
    if server.database.name == "postgresql":
        return server.database
    shutil.copy(disk.path / "data/switchboard.sqlite", folder)
    return SQLite(folder)


def version(page):
    return page.partition('name="version" value="')[2].partition('"')[0]
