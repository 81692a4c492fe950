"""Whether a journal holds: its numbers follow on without a hole, and each hash is that of what stands there."""

from __future__ import annotations

from contextlib import closing

from app.store.guards import chained
from app.store.reading import Reading
from app.store.tables import micros


def chain_fault(r: Reading) -> str:
    """Where the journal's numbers or hashes do not follow on; "" if they all do."""
    seq, head = 0, ""
    with closing(r.chain()) as rows:
        for row in rows:
            if row.seq != seq + 1:
                return f"event {seq + 1} is missing" if row.seq else "an event has no number"
            seq = row.seq
            head = chained(head, seq, row.id, micros(row.at), row.actor, row.kind, row.lead_id, row.body)
            if head != row.hash:
                return f"event {seq} was changed"
    last, last_head = r.head()
    return "" if (last, last_head) == (seq, head) else f"the journal ends at {seq}, the counter at {last}"
