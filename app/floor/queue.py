"""A rep's queue: the leads of the board in the order of `app.domain.order`, kept sorted by hand.

One sorted list, searched by halves, and one heap of the instants at which a place changes by time alone. A
lead that arrives costs one search and one insert, the passing of time costs only what is due. Every change
is answered with the rows it moved, so that a view repaints those. Pure: the time is handed in. Between two
resets it never goes back: an earlier instant counts as the latest one seen. While it is held (a pointer rests on
a row) no lead moves for having cooled alone. Each so-manieth call that this rep begins makes the next pick one by age.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import datetime
from heapq import heapify, heappop, heappush

from app.domain.frozen import dataclass
from app.domain.lead import Lead
from app.domain.order import Bucket, Key, Place, belongs, is_overdue, place
from app.domain.rulebook import DEFAULT, Rulebook
from app.domain.worth import OrderBy
from app.floor.board import Changes

__all__ = ["Moves", "Queue"]

MANY = 200
"""From so many moves at once on, one pass over the whole list is cheaper, for the list and for its view."""

_LATER: Key = (int(Bucket.WAITING), float("-inf"), float("-inf"), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """The rows that changed. Removing `removed_rows` in their order from the rows as they were, then
    inserting at `inserted_rows` in their order, gives the rows as they are; a lead that moved is in both."""

    reset: bool = False
    """Everything may have changed; the rest is empty then."""
    removed_rows: tuple[int, ...] = ()
    """Row numbers before, falling."""
    inserted_rows: tuple[int, ...] = ()
    """Row numbers after, rising."""
    changed_rows: tuple[int, ...] = ()
    """Row numbers after, rising: another lead value or reason in the same row."""

    def __bool__(self) -> bool:
        return bool(self.reset or self.removed_rows or self.inserted_rows or self.changed_rows)


class Queue:
    """The leads of rep `me` and of the pool, in calling order."""

    def __init__(self, me: str) -> None:
        self.me = me
        self.rows: list[str] = []
        """Lead ids in order; for reading only."""
        self._keys: list[Key] = []
        self._leads: dict[str, Lead] = {}
        self._places: dict[str, Place] = {}
        self._heap: list[tuple[datetime, str]] = []
        self._rulebook: Rulebook = DEFAULT
        self._now: datetime | None = None
        self._held = False
        self._cooled: set[str] = set()
        """What would have moved for having cooled, had the queue not been held."""
        self._picks = 0
        self._longest = ""

    # what there is

    def __len__(self) -> int:
        return len(self.rows)

    def __contains__(self, lead_id: str) -> bool:
        return lead_id in self._places

    @property
    def split(self) -> int:
        """How many rows stand in the section CALL_NOW; the rest is LATER."""
        return bisect_left(self._keys, _LATER)

    @property
    def first(self) -> str | None:
        """The lead to call now, if there is one."""
        return self.rows[0] if self.split else None

    @property
    def next_change(self) -> datetime | None:
        """When a place next changes by time alone; None: never."""
        while self._heap and not self._holds(*self._heap[0]):
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def row_of(self, lead_id: str) -> int:
        """The row of a lead; raises KeyError if it is not in this queue."""
        return bisect_left(self._keys, self._places[lead_id].key)

    def place_of(self, lead_id: str) -> Place:
        """The place of a lead; raises KeyError if it is not in this queue."""
        return self._places[lead_id]

    def lead_of(self, lead_id: str) -> Lead:
        """The lead as this queue placed it; raises KeyError if it is not in it."""
        return self._leads[lead_id]

    # what happens

    def reset(self, leads: Iterable[Lead], now: datetime, rulebook: Rulebook) -> Moves:
        """Start afresh from these leads, of which those that belong here are taken."""
        self._rulebook, self._now = rulebook, now
        self._leads = {lead.id: lead for lead in leads if belongs(lead, self.me)}
        self._cooled.clear()
        self._longest = self._longest_waiting()
        self._places = {lead_id: self._place(lead, now) for lead_id, lead in self._leads.items()}
        return self._sort_anew()

    def apply(self, changes: Changes, now: datetime) -> Moves:
        """Take in what a batch changed on the board, and what is due by `now`."""
        if changes.snapshot:
            return self.reset(changes.added, now, changes.rulebook or self._rulebook)
        now = self._forward(now)
        fresh: dict[str, Lead | None] = {lead.id: None for lead in changes.removed}
        fresh.update((lead.id, lead) for lead in changes.added)
        fresh.update((lead.id, lead) for _, lead in changes.changed)
        if changes.rulebook is not None:
            known = self._leads | {lead_id: lead for lead_id, lead in fresh.items() if lead is not None}
            gone = {lead_id for lead_id, lead in fresh.items() if lead is None}
            left = (lead for lead in known.values() if lead.id not in gone)
            return self.reset(left, now, changes.rulebook)
        for lead_id in self._due(now):
            fresh.setdefault(lead_id, self._leads[lead_id])
        return self._settle(fresh, now)

    def advance(self, now: datetime) -> Moves:
        """Take in what has become due by `now`; nothing else is looked at."""
        now = self._forward(now)
        return self._settle({lead_id: self._leads[lead_id] for lead_id in self._due(now)}, now)

    def hold(self, on: bool) -> None:
        """Let nothing move for having cooled alone, or let it again: what waited for that moves at the next look."""
        if on or not self._held or self._now is None:
            self._held = on
            return
        self._held = False
        for lead_id in self._cooled & self._places.keys():
            self._places[lead_id] = self._places[lead_id]._replace(until=self._now)
            heappush(self._heap, (self._now, lead_id))
        self._cooled.clear()

    # how it is done

    def _place(self, lead: Lead, now: datetime) -> Place:
        return place(lead, now, self._rulebook, self.me, longest=lead.id == self._longest)

    def _longest_waiting(self) -> str:
        """Whom the next pick goes to by age; "" unless it is one of those."""
        every = self._rulebook.order.every
        if self._rulebook.order.by is not OrderBy.WORTH or every <= 0 or self._picks % every != every - 1:
            return ""
        overdue = ((lead.captured_at, lead.id) for lead in self._leads.values() if is_overdue(lead))
        return min(overdue, default=(None, ""))[1]

    def _age_floor(self, now: datetime, moves: Moves) -> Moves:
        """What else moves because the next pick is, or is no longer, one by age."""
        was, self._longest = self._longest, self._longest_waiting()
        if was == self._longest:
            return moves
        others = {lead_id: self._leads[lead_id] for lead_id in (was, self._longest) if lead_id in self._leads}
        return Moves(reset=True) if self._sort_in(others, now) or moves else moves

    def _forward(self, now: datetime) -> datetime:
        self._now = max(now, self._now) if self._now else now
        return self._now

    def _holds(self, until: datetime, lead_id: str) -> bool:
        """Whether an entry of the heap is still meant; entries are not taken out when a place changes."""
        known = self._places.get(lead_id)
        return known is not None and known.until == until

    def _due(self, now: datetime) -> list[str]:
        due: list[str] = []
        while self._heap and self._heap[0][0] <= now:
            until, lead_id = heappop(self._heap)
            if self._holds(until, lead_id):
                due.append(lead_id)
        return due

    def _settle(self, fresh: dict[str, Lead | None], now: datetime) -> Moves:
        """Put these leads where they belong now; None stands for a lead that is gone."""
        return self._age_floor(now, self._sort_in(fresh, now)) if fresh else Moves()

    def _sort_in(self, fresh: Mapping[str, Lead | None], now: datetime) -> Moves:
        leaving: list[int] = []
        arriving: list[Key] = []
        staying: list[str] = []
        for lead_id, lead in fresh.items():
            known = self._places.get(lead_id)
            row = self.row_of(lead_id) if known else -1
            if lead is None or not belongs(lead, self.me):
                if known:
                    leaving.append(row)
                    del self._places[lead_id], self._leads[lead_id]
                continue
            new = self._place(lead, now)
            if new.bucket is Bucket.ON_CALL and known is not None and known.bucket is not Bucket.ON_CALL:
                self._picks += 1
            if self._held and known and known.bucket is new.bucket and lead is self._leads[lead_id]:
                self._cooled.add(lead_id)
                new = new._replace(key=known.key)
            if known and self._fits(row, new.key):
                if new != known or lead is not self._leads[lead_id]:
                    staying.append(lead_id)
                self._keys[row] = new.key
            else:
                if known:
                    leaving.append(row)
                arriving.append(new.key)
            self._leads[lead_id], self._places[lead_id] = lead, new
            if new.until is not None and (known is None or known.until != new.until):
                heappush(self._heap, (new.until, lead_id))
        if len(self._heap) > 2 * len(self._places) + MANY:
            self._heap_anew()
        leaving.sort(reverse=True)
        arriving.sort()
        if len(leaving) + len(arriving) > MANY:
            self._merge(leaving, arriving)
            return Moves(reset=True)
        for row in leaving:
            del self._keys[row], self.rows[row]
        inserted: list[int] = []
        for key in arriving:
            row = bisect_left(self._keys, key)
            self._keys.insert(row, key)
            self.rows.insert(row, key[3])
            inserted.append(row)
        changed = sorted(self.row_of(lead_id) for lead_id in staying)
        return Moves(removed_rows=tuple(leaving), inserted_rows=tuple(inserted), changed_rows=tuple(changed))

    def _fits(self, row: int, key: Key) -> bool:
        """Whether a lead with this new key may stay in its row."""
        above = row == 0 or self._keys[row - 1] < key
        return above and (row == len(self._keys) - 1 or key < self._keys[row + 1])

    def _merge(self, leaving: list[int], arriving: list[Key]) -> None:
        """The same as one by one, in one pass over the list."""
        gone = set(leaving)
        self._keys = [key for row, key in enumerate(self._keys) if row not in gone]
        self._keys += arriving
        self._keys.sort()  # two sorted runs: a merge
        self.rows = [key[3] for key in self._keys]

    def _sort_anew(self) -> Moves:
        self._keys = sorted(known.key for known in self._places.values())
        self.rows = [key[3] for key in self._keys]
        self._heap_anew()
        return Moves(reset=True)

    def _heap_anew(self) -> None:
        self._heap = [
            (known.until, lead_id) for lead_id, known in self._places.items() if known.until is not None
        ]
        heapify(self._heap)
