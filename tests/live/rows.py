# What the kill -9 tests read past the server: each query runs on both engines.

# Every errand with its message, its live work item and its open offer; one row each when all is well.
ERRANDS = """
SELECT ws.name AS workspace, e.id, m.message_id, e.agent, w.id AS work_item, w.agent AS work_agent,
       o.agent AS offered_to, o.deadline_at
FROM errand e
JOIN workspace ws ON ws.id = e.workspace
JOIN message m ON m.workspace = e.workspace AND m.errand = e.id
LEFT JOIN work_item w ON w.workspace = e.workspace AND w.id = e.work_item AND w.state < 9
LEFT JOIN offer o ON o.workspace = w.workspace AND o.work_item = w.id AND o.ended_at IS NULL
"""

# Offers that nobody has ended, with their deadline in ms.
OPEN_OFFERS = "SELECT work_item, agent, deadline_at FROM offer WHERE ended_at IS NULL"


def place(row):
    """Where a row of ERRANDS is: "ended", "offered", "queue", "agent"; AssertionError when it is nowhere."""
    if row["work_item"] is None:
        return "ended"
    if row["offered_to"] is not None:
        assert row["work_agent"] == row["offered_to"], f"offered to one agent, held by another: {row}"
        return "offered"
    if row["work_agent"] is None:
        return "queue"
    assert row["agent"] == row["work_agent"], f"in nobody's hands: {row}"
    return "agent"
