"""Files into leads, or into what is known of them: look at a file, then bring all of its rows in or none.

`look` reads the file once to the end: it finds out how it is written, guesses what the columns mean, counts
good, blank and broken rows, and takes the file's digest, by which the floor knows whether it came in
before. `run` reads it a second time and sends the rows to the floor in small lots, which stay unseen until
the last command makes leads of all of them at once. A cancel at any moment, an error, or a file that
changed in between takes the import back; rows staged by a program that died are swept away by the floor's
next start. Rows that can't be read go to the rejects file with their line and the reason. The file itself is read by
a process of its own (`reading_apart`). Both calls block; a caller with a window uses a thread.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from app.channels.table import NotATable, TableRow, Wishes
from app.clock import Clock
from app.domain.columns_seen import ColumnsSeen
from app.domain.commands import BeginImport, CancelImport, FinishImport, Imported
from app.domain.errors import AppError
from app.domain.guessing import completed, guess
from app.domain.guessing_kind import kind_of
from app.domain.inquiry import Unreadable
from app.domain.mapping import Mapping
from app.domain.past import ImportKind
from app.domain.questions import Before, ImportedBefore
from app.floor.floor import Floor
from app.workers.file_reading import Bounds, Order
from app.workers.import_rows import Rows, rows_of
from app.workers.preview import Preview, problems_of, said_before, untold_said, why_nothing
from app.workers.reading_apart import Cancelled, ReadApart
from app.workers.rejects import RejectsFile, beside

__all__ = [
    "BOUNDS", "LOT", "Cancelled", "CannotRead", "ImportedAlready", "Importer", "NothingToImport", "Progress", "Report",
    "Stage", "Tell",
]  # fmt: skip

LOT: Final = 500
"""Rows in one command."""
BOUNDS: Final = Bounds()
"""What the process that reads a file is held to."""
_LOT_CHARACTERS: Final = 2 << 20
_SAMPLE: Final = 200
_TOLD: Final = 20
_TELL_EVERY: Final = 2000


class ImportedAlready(AppError):
    """The same file came in before; importing it again has to be said."""

    def __init__(self, before: Before) -> None:
        super().__init__("Imported before", said_before(before))
        self.before = before


class NothingToImport(AppError):
    """Every row was refused; they are all in the rejects file."""

    def __init__(self, why: str, rejects_path: Path | None) -> None:
        super().__init__(
            "Nothing was imported", f"No row of this file can become a lead: {why} See {rejects_path}."
        )
        self.rejects_path = rejects_path


class CannotRead(AppError):
    """The columns do not say enough to read the rows by them; the message says what is to be chosen."""

    def __init__(self, message: str) -> None:
        super().__init__("Not imported yet", message)


class Stage(StrEnum):
    LOOKING = "looking"
    SENDING = "sending"
    FINISHING = "finishing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    stage: Stage
    rows: int = 0
    refused: int = 0
    share: float | None = None
    """How much is done, 0 to 1; None while that can't be told."""
    per_second: float = 0.0
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an import did. `leads` are new, `joined` rows went to leads that were there, `told` rows are calls, results
    or costs, and `repeated` ones were told by an earlier file already."""

    import_id: str
    leads: int
    joined: int
    rejected: int
    mended: int
    blank: int
    rejects_path: Path | None
    seconds: float
    told: int = 0
    repeated: int = 0
    kind: ImportKind = ImportKind.LEADS
    refused: tuple[tuple[int, str], ...] = ()
    """Line and reason of the first refused rows."""


Tell = Callable[[Progress], None]


def _nothing(progress: Progress) -> None:
    """Told of progress, says nothing."""


class Importer:
    """Looks at files and imports them into a floor."""

    def __init__(self, floor: Floor, clock: Clock) -> None:
        self._floor = floor
        self._clock = clock

    def look(
        self,
        path: Path,
        wishes: Wishes | None = None,
        progress: Tell = _nothing,
        cancelled: threading.Event | None = None,
        kind: ImportKind | None = ImportKind.LEADS,
    ) -> Preview:
        """Read a file of this kind (None: of what it looks like) to its end and say what it is. Raises NotATable,
        Cancelled, Unavailable."""
        stop = cancelled or threading.Event()
        order = Order(path=str(path), wishes=wishes or Wishes(), bounds=BOUNDS, most=2 * _SAMPLE)
        rows = refused = mended = blank = 0
        sample: list[tuple[str, ...]] = []
        lines: list[int] = []
        refusals: list[TableRow] = []
        with ReadApart(order, stop) as source:
            reading = source.reading
            pace = _Pace(self._clock, Stage.LOOKING, progress)
            columns = ColumnsSeen(reading.width)
            for row in source:
                if row.why:
                    refused += 1
                    if len(refusals) < _TOLD:
                        refusals.append(row)
                else:
                    rows += 1
                    mended += row.mended
                    columns.add(row.cells)
                    if len(sample) < _SAMPLE:
                        sample.append(tuple(row.cells))
                        lines.append(row.line)
                if (rows + refused) % _TELL_EVERY == 0:
                    pace.tell(rows, refused, source.share)
            blank = source.blank
        if stop.is_set():
            raise Cancelled
        is_exact = rows + refused < 2 * _SAMPLE or not reading.is_workbook
        if not is_exact:
            rows = max(rows, source.expected - reading.first_line + 1 - refused - blank)
        if not rows + refused:
            raise NotATable(
                "There are no rows below the header." if reading.has_header else "There are no rows."
            )
        seen = columns.done()
        kind = kind or kind_of(reading.headers, sample, reading.has_header, seen)
        preview = Preview(
            path=path,
            kind=kind,
            columns=seen,
            reading=reading,
            expected=source.expected,
            sha256=source.sha256,
            mapping=guess(reading.headers, sample, reading.has_header, kind, seen),
            rows=rows,
            refused=refused,
            is_exact=is_exact,
            mended=mended,
            blank=blank,
            sample=tuple(sample),
            lines=tuple(lines),
            refusals=tuple(refusals),
            before=self._floor.ask(ImportedBefore(sha256=source.sha256, kind=kind)),
            problems=tuple(problems_of(reading, refused, mended, refusals)),
        )
        return preview

    def as_kind(self, preview: Preview, kind: ImportKind) -> Preview:
        """A file that was looked at, as one of another kind. Raises Unavailable."""
        reading = preview.reading
        return replace(
            preview,
            kind=kind,
            mapping=guess(reading.headers, preview.sample, reading.has_header, kind, preview.columns),
            before=self._floor.ask(ImportedBefore(sha256=preview.sha256, kind=kind)),
        )

    def run(
        self,
        path: Path,
        mapping: Mapping | None = None,
        progress: Tell = _nothing,
        cancelled: threading.Event | None = None,
        *,
        preview: Preview | None = None,
        again: bool = False,
        rejects: Path | None = None,
    ) -> Report:
        """Import a file whole. Without `mapping` the guess is taken, without `preview` the file is looked
        at first.

        Raises Cancelled when `cancelled` was set in time, ImportedAlready unless `again`, CannotRead where the
        columns do not say enough, NotATable for a file that can't be read or that changed, and what the floor
        raises; nothing is imported then.
        """
        stop = cancelled or threading.Event()
        kind = preview.kind if preview else mapping.kind if mapping else ImportKind.LEADS
        preview = preview or self.look(path, None, progress, stop, kind)
        mapping = completed(mapping or preview.mapping, preview.columns)
        if preview.before.at and not again:
            raise ImportedAlready(preview.before)
        if mapping.untold:
            raise CannotRead(untold_said(preview, mapping))
        if kind is not ImportKind.LEADS and mapping.lacks:
            raise CannotRead(mapping.lacks)
        began = self._clock.now()
        begin = BeginImport(file=path.name, sha256=preview.sha256, kind=kind)
        import_id = self._floor.do(begin).value.id
        reader = rows_of(mapping, preview.before.zone, self._floor, import_id, began)
        try:
            with RejectsFile(rejects or beside(path), preview.reading.headers) as refused:
                rows, mended, blank = self._send(preview, reader, refused, progress, stop)
                if not rows:
                    raise NothingToImport(why_nothing(preview, mapping, refused.first), refused.keep())
                progress(Progress(stage=Stage.FINISHING, rows=rows, refused=refused.count))
                done = self._finish(import_id, refused.count, stop)
                rejects_path = refused.keep()
        except BaseException:
            with contextlib.suppress(AppError):
                self._floor.do(CancelImport(import_id=import_id))
            raise
        return Report(
            import_id=import_id,
            leads=done.leads,
            joined=done.joined,
            rejected=refused.count,
            mended=mended,
            blank=blank,
            rejects_path=rejects_path,
            seconds=(self._clock.now() - began).total_seconds(),
            told=done.told,
            repeated=reader.repeated,
            kind=kind,
            refused=tuple(sorted(refused.told)),
        )

    def _send(
        self,
        preview: Preview,
        reader: Rows,
        refused: RejectsFile,
        progress: Tell,
        stop: threading.Event,
    ) -> tuple[int, int, int]:
        """Stage every good row, write down every refused one; the numbers of good, mended and blank rows."""
        pace = _Pace(self._clock, Stage.SENDING, progress)
        rows = mended = size = 0
        lot: dict[int, Sequence[str]] = {}
        order = Order(
            path=str(preview.path),
            wishes=Wishes(),
            bounds=BOUNDS,
            reading=preview.reading,
            expected=preview.expected,
        )

        def send() -> None:
            nonlocal rows
            for number, why in reader.send():
                refused.add(number, why, lot[number])
                rows -= 1
            lot.clear()

        with ReadApart(order, stop) as source:
            for row in source:
                why = row.why
                if not why:
                    try:
                        size += reader.add(row.line, row.cells)
                    except Unreadable as error:
                        why = error.message
                if why:
                    refused.add(row.line, why, row.cells)
                else:
                    lot[row.line] = row.cells
                    rows += 1
                    mended += row.mended
                if len(lot) >= LOT or size >= _LOT_CHARACTERS or (why and refused.count % LOT == 0):
                    if stop.is_set():
                        raise Cancelled
                    send()
                    size = 0
                    pace.tell(rows, refused.count, source.share)
            if stop.is_set():
                raise Cancelled
            send()
            if source.sha256 != preview.sha256:
                raise NotATable("The file was changed while it was read; nothing was imported.")
            pace.tell(rows, refused.count, 1.0)
            return rows, mended, source.blank

    def _finish(self, import_id: str, refused: int, stop: threading.Event) -> Imported:
        """Make leads of the staged rows. A cancel reaches the floor while it works, up to its commit."""
        if stop.is_set():
            raise Cancelled
        over = threading.Event()

        def watch() -> None:
            while not over.is_set():
                if stop.wait(0.05):
                    with contextlib.suppress(AppError):
                        self._floor.do(CancelImport(import_id=import_id))
                    return

        watcher = threading.Thread(target=watch, name="import-cancel")
        watcher.start()
        try:
            return self._floor.do(FinishImport(import_id=import_id, rejected=refused)).value
        except AppError:
            if stop.is_set():
                raise Cancelled from None
            raise
        finally:
            over.set()
            watcher.join()


class _Pace:
    """Tells progress with the speed and the time left, by the floor's clock."""

    def __init__(self, clock: Clock, stage: Stage, tell: Tell) -> None:
        self._clock = clock
        self._stage = stage
        self._tell = tell
        self._began: datetime = clock.now()

    def tell(self, rows: int, refused: int, share: float) -> None:
        spent = (self._clock.now() - self._began).total_seconds()
        self._tell(
            Progress(
                stage=self._stage,
                rows=rows,
                refused=refused,
                share=share,
                per_second=(rows + refused) / spent if spent > 0 else 0.0,
                seconds_left=spent * (1 - share) / share if share > 0 and spent > 0 else None,
            )
        )
