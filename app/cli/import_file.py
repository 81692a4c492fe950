"""`main.py import FILE --as leads|calls|results|costs`: a file's rows come in, from a terminal or a script.

It shows what it takes the columns for and asks; a column is changed by typing `column=target`. A bar tells
how far it is; Ctrl+C stops it and leaves nothing behind. Exit codes: 0 all rows are in, 1 some were refused
and the rest is in, 2 wrong use or a file that can't be read, 130 cancelled. Work is done on a thread of its
own, so that the main thread hears Ctrl+C at any moment.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Final, TextIO, TypeVar

from app.channels.table import Wishes
from app.clock import SystemClock
from app.domain.amounts import Mark
from app.domain.dates import Order as DateOrder
from app.domain.dates import zone_named
from app.domain.errors import AppError
from app.domain.guessing import completed
from app.domain.mapping import DATES, TARGETS, Mapping, Target
from app.domain.past import ImportKind, Result
from app.domain.tidy import line
from app.floor.floor import Floor
from app.workers import mapping_file
from app.workers.importer import Cancelled, Importer, Progress, Report, Stage
from app.workers.preview import Preview, reads_as, said_before, untold_said

OK: Final = 0
SOME_REFUSED: Final = 1
WRONG_USE: Final = 2
INTERRUPTED: Final = 130

T = TypeVar("T")
OpenFloor = Callable[[], AbstractContextManager[Floor]]


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add the command to the program's parser."""
    parser = subparsers.add_parser(
        "import",
        help="bring the rows of a CSV file or a workbook in: leads, calls, results, costs",
        description="Bring the rows of a file in: all of them at once, or none.",
        epilog=f"Targets for columns: {mapping_file.target_names()}. Exit codes: 0 all rows are in, 1 some "
        "were refused (see the rejects file), 2 wrong use or unreadable file, 130 cancelled.",
    )
    parser.add_argument("file", type=Path, help="CSV in any dialect and encoding, or .xlsx")
    parser.add_argument(
        "--as",
        dest="kind",
        type=ImportKind,
        choices=list(ImportKind),
        metavar="|".join(ImportKind),
        help="what the rows are (leads); calls and results are told of leads that are here",
    )
    parser.add_argument(
        "--map",
        "--mapping",
        dest="mapping",
        type=Path,
        metavar="MAP.toml",
        help="which column means what, and how its dates, sums and words are read (.toml or .json)",
    )
    parser.add_argument(
        "--dates",
        choices=("day-first", "month-first"),
        help="how dates are written that can be read either way, like 01-02-2018",
    )
    parser.add_argument(
        "--zone", default="", metavar="ZONE", help="where times stand, like Europe/Berlin (the floor's)"
    )
    parser.add_argument(
        "--medium",
        default="",
        metavar="NAME",
        help="where rows come from, or went, whose cells name no medium",
    )
    parser.add_argument(
        "--numbered",
        action="store_true",
        help="rows that say nothing of who they are become leads known by their line",
    )
    parser.add_argument("--yes", action="store_true", help="take the guessed columns without asking")
    parser.add_argument("--again", action="store_true", help="import the file even if it came in before")
    parser.add_argument(
        "--rejects", type=Path, metavar="FILE", help="where refused rows go (FILE.rejects.csv)"
    )
    parser.add_argument("--encoding", default="", metavar="NAME", help="of the file, when the guess is wrong")
    parser.add_argument(
        "--delimiter", default="", metavar="CHAR", help="between cells, when the guess is wrong"
    )
    parser.add_argument(
        "--sheet", default="", metavar="NAME", help="of a workbook (the first that is not empty)"
    )
    parser.add_argument(
        "--header", action=argparse.BooleanOptionalAction, help="the first row names the columns"
    )
    parser.add_argument(
        "--short-rows", action="store_true", help="rows that end early have blank cells there"
    )
    return parser


def run(args: argparse.Namespace, open_floor: OpenFloor) -> int:
    """Carry the command out; the exit code."""
    desk = _Terminal(sys.stdin, sys.stdout, sys.stderr)
    if args.zone:
        try:
            zone_named(args.zone)
        except ValueError:
            return desk.fail(f"There is no time zone {line(args.zone)}; write one like Europe/Berlin.")
    delimiter = args.delimiter.replace("\\t", "\t")
    if len(delimiter) > 1:
        return desk.fail("--delimiter takes one character.")
    if not args.yes and not desk.is_terminal:
        return desk.fail("Say --yes to take the guessed columns, or run this in a terminal to be asked.")
    wishes = Wishes(
        encoding=args.encoding,
        delimiter=delimiter,
        header=args.header,
        sheet=args.sheet,
        pad_short=True if args.short_rows else None,
    )
    try:
        with open_floor() as floor:
            return _import(args, wishes, floor, desk)
    except (Cancelled, KeyboardInterrupt, EOFError):
        desk.end_bar()
        desk.say("Cancelled; nothing was imported.")
        return INTERRUPTED
    except AppError as error:
        desk.end_bar()
        return desk.fail(error.message)


def _import(args: argparse.Namespace, wishes: Wishes, floor: Floor, desk: _Terminal) -> int:
    importer = Importer(floor, SystemClock())
    path: Path = args.file
    said = mapping_file.kind_of(args.mapping) if args.mapping else None
    if said and args.kind and said != args.kind:
        return desk.fail(f"{args.mapping} is for files that come in as {said}, not as {args.kind}.")
    kind = args.kind or said or ImportKind.LEADS
    preview = desk.wait_for(lambda stop: importer.look(path, wishes, desk.show, stop, kind))
    mapping = mapping_file.load(args.mapping, preview.mapping) if args.mapping else preview.mapping
    mapping = replace(
        mapping,
        zone=args.zone or mapping.zone,
        medium=line(args.medium) or mapping.medium,
        numbered=args.numbered or mapping.numbered,
    )
    mapping = completed(mapping, preview.columns)
    if args.dates:
        for header in mapping.untold:
            mapping = mapping.with_order(header, DateOrder(args.dates))
    again = args.again
    if preview.before.at and not again:
        desk.say(said_before(preview.before))
        if args.yes:
            return desk.fail("It was not imported again; say --again to do that.")
        if not desk.agrees("Import it again?"):
            raise Cancelled
        again = True
    desk.present(preview, mapping)
    if args.yes and mapping.untold:
        return desk.fail(untold_said(preview, mapping))
    if not args.yes:
        chosen = desk.choose(preview, mapping)
        if chosen is None:
            raise Cancelled
        mapping = chosen
    report = desk.wait_for(
        lambda stop: importer.run(
            path, mapping, desk.show, stop, preview=preview, again=again, rejects=args.rejects
        )
    )
    desk.conclude(report)
    return SOME_REFUSED if report.rejected else OK


class _Terminal:
    """Whoever sits in front: a person at a terminal, or a script that reads lines."""

    def __init__(self, told: TextIO, out: TextIO, error: TextIO) -> None:
        self._in, self._out, self._error = told, out, error
        self.is_terminal = told.isatty() and out.isatty()
        self._bar = 0
        self._tenth = 0
        self._stage: Stage | None = None

    def say(self, text: str = "") -> None:
        self._out.write(text + "\n")
        self._out.flush()

    def fail(self, message: str) -> int:
        self._error.write(f"firstring: {message}\n")
        self._error.flush()
        return WRONG_USE

    # -- work

    def wait_for(self, work: Callable[[threading.Event], T]) -> T:
        """Do `work` on a thread; Ctrl+C sets the event that it is given. Its result or error is handed on."""
        stop = threading.Event()

        def interrupted(number: int, frame: FrameType | None) -> None:
            stop.set()

        is_main = threading.current_thread() is threading.main_thread()
        before = signal.signal(signal.SIGINT, interrupted) if is_main else None
        try:
            with ThreadPoolExecutor(max_workers=1, thread_name_prefix="import") as thread:
                future = thread.submit(work, stop)
                while not future.done():
                    wait((future,), 0.1)  # in slices: Windows hears no Ctrl+C while it waits for a lock
        finally:
            if is_main:
                signal.signal(signal.SIGINT, before)
        self.end_bar()
        return future.result()

    def show(self, progress: Progress) -> None:
        """One line that is written over at a terminal, else a line for every tenth."""
        if progress.stage != self._stage:
            self.end_bar()
            self._stage, self._tenth = progress.stage, 0
        text = described(progress)
        if self.is_terminal:
            done = int(20 * (progress.share or 0))
            bar = f"[{'#' * done}{'.' * (20 - done)}] " if progress.share is not None else ""
            self._out.write(f"\r{bar}{text}".ljust(self._bar))
            self._out.flush()
            self._bar = max(self._bar, len(bar) + len(text) + 1)
        elif progress.share is None or int(progress.share * 10) > self._tenth:
            self._tenth = int((progress.share or 0) * 10)
            self.say(text)

    def end_bar(self) -> None:
        if self._bar:
            self._out.write("\n")
            self._bar = 0

    # -- talk

    def present(self, preview: Preview, mapping: Mapping) -> None:
        """The file, its oddities, and a table of its columns."""
        rows = f"{preview.rows:,} rows" if preview.is_exact else f"about {preview.rows:,} rows"
        columns = f"{preview.reading.width} columns"
        self.say(f"{line(preview.path.name)}: {preview.reading.described}, {rows}, {columns}.")
        for problem in preview.problems:
            self.say("  " + line(problem))
        names = [header for header, _ in mapping.columns]
        widest = min(40, max(map(len, names)))
        self.say(f"\n  {'':>3}  {'column':<{widest}}  {'is':<13} for example")
        for number, (name, (_, target)) in enumerate(zip(names, mapping.columns, strict=True), 1):
            examples = " | ".join(_short(line(text), 24) for text in preview.samples(number - 1))
            self.say(f"  {number:>3}  {_short(name, widest):<{widest}}  {target:<13} {examples}".rstrip())
        self.say()
        if told := reads_as(preview, mapping):
            for text in told:
                self.say("  " + line(text))
            self.say()

    def choose(self, preview: Preview, mapping: Mapping) -> Mapping | None:
        """Ask until the mapping is right; None for no."""
        while True:
            if mapping.untold:
                self.say("  " + untold_said(preview, mapping).rpartition(" Say ")[0])
                mapping = self._told_order(mapping)
                continue
            if lacks := mapping.lacks:
                self.say("  " + lacks)
            elif unnamed := preview.unnamed(mapping):
                self.say(
                    f"  {unnamed} of the first {len(preview.sample)} rows name nobody and would be refused."
                )
            answer = self._ask(
                "Import? yes, no, column=target to change one, save FILE to keep these: "
            ).strip()
            word = answer.casefold()
            if word in ("y", "yes"):
                if not lacks:
                    return mapping
                continue
            if word in ("n", "no", "q", "quit"):
                return None
            if word.startswith("save "):
                try:
                    mapping_file.save(Path(answer[5:].strip()), mapping)
                except AppError as error:
                    self.say("  " + error.message)
            elif "=" in answer:
                name, _, target = answer.rpartition("=")
                mapping = self._changed(mapping, name.strip(), target.strip())
                mapping = completed(mapping, preview.columns)
            elif word == "numbered":
                mapping = replace(mapping, numbered=not mapping.numbered)
                self.say(f"  Rows that name nobody are {'leads' if mapping.numbered else 'refused'}.")
            else:
                self.say(
                    "  A column is a name or a number; a target is one of "
                    f"{mapping_file.target_names(mapping.kind)}. Of dates it may be day-first or month-first too; "
                    "a word of a result column is won, lost, unfit or open. medium=NAME is for all rows whose cells "
                    "name none; numbered makes leads of rows that name nobody."
                )

    def _told_order(self, mapping: Mapping) -> Mapping:
        """Ask which comes first in a column of dates, day or month."""
        header = mapping.untold[0]
        while True:
            answer = self._ask(f"  What stands first in “{line(header)}”, the day or the month? [d/m] ")
            word = answer.strip().casefold()
            if word[:1] in ("d", "m"):
                order = DateOrder.DAY_FIRST if word[:1] == "d" else DateOrder.MONTH_FIRST
                return mapping.with_order(header, order)

    def _changed(self, mapping: Mapping, name: str, typed: str) -> Mapping:
        target = typed.casefold()
        headers = [header for header, _ in mapping.columns]
        found = [header for header in headers if header.casefold() == name.casefold()]
        if not found and name.isdecimal() and 1 <= int(name) <= len(headers):
            found = [headers[int(name) - 1]]
        words = [
            (h, word) for h, some in mapping.values for word, _ in some if word.casefold() == name.casefold()
        ]
        if not found and words and target in Result.__members__.values():
            for header, word in words:
                mapping = mapping.with_value(header, word, Result(target))
                self.say(f"  {word} means {target}.")
        elif not found and name.casefold() == Target.MEDIUM and Target.MEDIUM in TARGETS[mapping.kind]:
            mapping = replace(mapping, medium=line(typed))
            self.say(f"  Rows whose cells name no medium are of “{mapping.medium}”.")
        elif not found:
            self.say(f"  There is no column “{name}”.")
        elif target in ("day-first", "month-first") and mapping.target(found[0]) in DATES:
            mapping = mapping.with_order(found[0], DateOrder(target))
            self.say(f"  {found[0]} is read {target}.")
        elif target in ("point", "comma") and mapping.target(found[0]) is Target.AMOUNT:
            marks = tuple(pair for pair in mapping.marks if pair[0] != found[0])
            mapping = replace(mapping, marks=(*marks, (found[0], Mark(target))))
            self.say(f"  {found[0]} is read with a decimal {target}.")
        elif target not in TARGETS[mapping.kind]:
            self.say(f"  There is no target “{target}”; there are {mapping_file.target_names(mapping.kind)}.")
        else:
            mapping = mapping.changed(found[0], Target(target))
            self.say(f"  {found[0]} is {target}.")
        return mapping

    def agrees(self, question: str) -> bool:
        return self._ask(f"{question} [y/N] ").strip().casefold() in ("y", "yes")

    def _ask(self, question: str) -> str:
        self._out.write(question)
        self._out.flush()
        answer = self._in.readline()
        if not answer:
            raise EOFError
        return answer

    def conclude(self, report: Report) -> None:
        if report.kind is ImportKind.LEADS:
            leads = "1 lead" if report.leads == 1 else f"{report.leads:,} leads"
            joined = f", {report.joined:,} joined to leads that were there" if report.joined else ""
        else:
            leads = f"{report.told:,} {report.kind.value if report.told != 1 else report.kind.value[:-1]}"
            were = "was" if report.repeated == 1 else "were"
            joined = f", {report.repeated:,} {were} told before" if report.repeated else ""
        self.say(f"{leads} imported{joined}, in {report.seconds:.1f} s.")
        if report.rejected:
            self.say(f"Refused rows: {report.rejected:,}, in {report.rejects_path}")


def described(progress: Progress) -> str:
    """How far it is, in one line."""
    if progress.stage == Stage.FINISHING:
        return f"Putting {progress.rows:,} rows in"
    parts = [f"{progress.share or 0:4.0%}", f"{progress.rows:,} rows"]
    if progress.refused:
        parts.append(f"{progress.refused:,} refused")
    if progress.per_second:
        parts.append(f"{progress.per_second:,.0f} rows/s")
    if progress.seconds_left and progress.stage == Stage.SENDING:
        left = round(progress.seconds_left)
        parts.append(f"{left // 60}:{left % 60:02d} left")
    return ("Reading " if progress.stage == Stage.LOOKING else "Importing ") + " · ".join(parts)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
