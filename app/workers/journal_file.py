"""A part of the journal as a CSV file, for an auditor or a spreadsheet.

The floor is told first, and its journal says so; then the part is read page by page, oldest first, into a file
beside the wanted one, which takes its place when it is whole. Only its owner may read it. No cell is one that a
spreadsheet would run.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from app.codec import encode_text
from app.domain.commands import ExportJournal
from app.domain.errors import AppError
from app.domain.events import KIND_OF, Entry, Unknown
from app.domain.journal import Part
from app.domain.questions import ReadJournal
from app.floor.floor import Floor
from app.workers.rejects import safe_cell

COLUMNS = ("number", "time (UTC)", "who", "actor", "kind", "lead", "lead id", "what")
PAGE = 1000


def write_journal(
    floor: Floor,
    part: Part,
    path: Path,
    names: Mapping[str, str],
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> int:
    """Write a part of the journal into a file; how many entries. `names` are the people's, by id.

    Raises NotAllowed, Unavailable, and AppError where the file can't be written: then there is no new file.
    """
    going = floor.do(ExportJournal(part=part)).value
    beside = path.with_name(path.name + ".part")
    written = after = 0
    try:
        with open(
            os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
            "w",
            encoding="utf-8-sig",
            newline="",
        ) as file:
            rows = csv.writer(file)
            rows.writerow(COLUMNS)
            more = True
            while more:
                question = ReadJournal(
                    part=part, after=after, before=going.last + 1, oldest_first=True, limit=PAGE
                )
                page = floor.ask(question)
                leads = dict(page.leads)
                rows.writerows(_row(entry, names, leads) for entry in page.entries)
                written += len(page.entries)
                after = page.entries[-1].seq if page.entries else after
                more = page.more
                progress(written, going.entries)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise AppError("Not exported", f"{path.name} can't be written: {error.strerror or error}.") from error
    finally:
        beside.unlink(missing_ok=True)
    return written


def kind_of(entry: Entry) -> str:
    """The name of an entry's kind as it stands in the journal."""
    event = entry.event
    return event.kind if isinstance(event, Unknown) else KIND_OF[type(event)]


def who(actor: str, names: Mapping[str, str]) -> str:
    """An actor by name: "Mara Kovac", "keeper", "keeper at Mara Kovac's"; what is unknown stays as it is."""
    machine, at, person = actor.partition("@")
    if at:
        return f"{machine} at {names.get(person, person)}'s"
    return names.get(actor, actor)


def _row(entry: Entry, names: Mapping[str, str], leads: Mapping[str, str]) -> list[str]:
    cells = (
        str(entry.seq),
        f"{entry.at:%Y-%m-%dT%H:%M:%S.%fZ}",
        who(entry.actor, names),
        entry.actor,
        kind_of(entry),
        leads.get(entry.lead_id, ""),
        entry.lead_id,
        encode_text(entry.event),
    )
    return [safe_cell(cell) for cell in cells]
