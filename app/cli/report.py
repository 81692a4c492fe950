"""`main.py report NAME`: a report of the floor as a file or on the terminal, with the numbers that the screen shows.

It changes nothing and may run beside an open desk; a floor behind a server is asked as this computer's own desk. Exit
codes: 0 done, 2 wrong use, 3 can't be done here.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.audit import day_told
from app.cli.rulebook import looking
from app.domain.errors import Refused
from app.domain.report import Asked, By, Report, Reports, RunReport, Segment, Shelf
from app.domain.report_periods import BASELINE_DAYS, Compare, beside
from app.domain.report_words import STEPS

if TYPE_CHECKING:
    from collections.abc import Sequence

OK = 0
FIELDS = (*(by.value for by in By if by is not By.WHOLE), *STEPS, "delay")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add the command to the program's parser; its own parser."""
    parser = commands.add_parser(
        "report",
        help="a report as JSON, CSV, XLSX or PDF",
        description="Make a report of the leads captured in a span, with the numbers that the screen shows.",
    )
    parser.add_argument("name", metavar="NAME", help="which one: response, contact, sources, funnel …")
    parser.add_argument(
        "--from",
        dest="since",
        type=day_told,
        required=True,
        metavar="WHEN",
        help="from this day, or instant, on",
    )
    parser.add_argument(
        "--to", dest="until", type=day_told, required=True, metavar="WHEN", help="before this day or instant"
    )
    parser.add_argument(
        "--by",
        type=By,
        choices=tuple(By),
        default=None,
        metavar="WHAT",
        help=", ".join(by.value for by in By),
    )
    parser.add_argument(
        "--compare",
        type=Compare,
        choices=tuple(Compare),
        default=Compare.NONE,
        metavar="WITH",
        help="before: as long a span before; year: the same a year before; baseline; none (the default)",
    )
    parser.add_argument(
        "--where",
        action="append",
        default=[],
        type=_condition,
        metavar="FIELD=VALUE",
        help="only leads of which this is so (medium=google, won=yes); said twice of a field, either",
    )
    parser.add_argument("--format", choices=("json", "csv", "xlsx", "pdf"), default="csv")
    parser.add_argument("--out", type=Path, metavar="FILE", help="a file (the terminal, for JSON and CSV)")
    return parser


def run(args: argparse.Namespace, address: str) -> int:
    """Make the report of the floor at an address; the exit code."""
    if args.until <= args.since:
        raise Refused(
            "The span ends before it begins: --to is the first day that is not counted.", "Not made"
        )
    if args.out is None and args.format in ("xlsx", "pdf"):
        raise Refused(f"Say with --out which file the {args.format.upper()} is to be written to.", "Not made")
    with looking(address) as door:
        shelf = door.answer(Reports())
        title = next((one for one in shelf.reports if one.name == args.name), None)
        if title is None:
            names = ", ".join(one.name for one in shelf.reports)
            raise Refused(f"There is no report “{args.name}”. There are: {names}.", "No such report")
        by = args.by or next((one for one in (By.SOURCE, *title.by) if one in title.by), By.WHOLE)
        if title.by and by not in title.by:
            can = ", ".join(one.value for one in title.by)
            raise Refused(f"“{title.title}” can't be put together by {by.value}, but by: {can}.", "Not made")
        report = door.answer(RunReport(name=args.name, asked=_asked(args, shelf, by)))
    content = _content(report, args.format)
    if args.out is None:
        sys.stdout.write(content.decode())
        return OK
    from app.workers.report_files import put

    put(args.out.absolute(), lambda file: file.write(content))
    sys.stdout.write(f"“{report.title}” is written to {args.out}.\n")
    return OK


def _asked(args: argparse.Namespace, shelf: Shelf, by: By) -> Asked:
    baseline = shelf.baseline
    if baseline is None and shelf.first_capture is not None:
        baseline = (shelf.first_capture, shelf.first_capture + timedelta(days=BASELINE_DAYS))
    was = beside(args.since, args.until, shelf.zone, args.compare, baseline)
    return Asked(
        since=args.since,
        until=args.until,
        was_since=was[0] if was is not None else None,
        was_until=was[1] if was is not None else None,
        by=by,
        segment=_segment(args.where),
    )


def _segment(conditions: Sequence[tuple[str, str]]) -> Segment:
    where: dict[str, tuple[str, ...]] = {}
    for field, value in conditions:
        where[field] = (*where.get(field, ()), value)
    return Segment(where=tuple(where.items()))


def _condition(text: str) -> tuple[str, str]:
    field, sign, value = text.partition("=")
    if not sign or field not in FIELDS:
        raise argparse.ArgumentTypeError(f"as medium=google; the fields are {', '.join(FIELDS)}")
    if field in STEPS and value not in ("yes", "no"):
        raise argparse.ArgumentTypeError(f"{field}=yes or {field}=no")
    return field, value


def _content(report: Report, way: str) -> bytes:
    from app.workers import report_files

    if way == "json":
        return report_files.as_json(report).encode()
    if way == "csv":
        return report_files.as_csv(report).encode()
    if way == "xlsx":
        import io

        file = io.BytesIO()
        report_files.write_xlsx(report, file)
        return file.getvalue()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # paper needs letters, and no display
    from app.ui.reports_files import pdf_without_window

    return pdf_without_window(report)
