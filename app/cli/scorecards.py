"""`main.py scorecards`: the scores of a frozen week for the payroll, and its pages as PDF.

Exit codes: 0 done, 2 wrong use, 3 can't be done here.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from app.domain.commands import FreezeWeek
from app.domain.errors import NotFound
from app.domain.questions import FrozenWeek
from app.floor.local import LocalFloor

OK = 0


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add the command to the program's parser; its own parser."""
    parser = commands.add_parser(
        "scorecards",
        help="a frozen week's scores for the payroll, or its pages as PDF",
        description="Write the scores of a frozen week, a row a person, or a page of it as PDF.",
    )
    parser.add_argument("week", metavar="WEEK", help="an ISO week, as 2026-W47")
    parser.add_argument("--format", choices=("csv", "xlsx", "pdf"), default="csv")
    parser.add_argument(
        "--rep", default="", metavar="NAME", help="whose page, as PDF; the floor's without it"
    )
    parser.add_argument("--freeze", action="store_true", help="freeze the week first, if it is not")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="the file; a CSV may go to the standard output"
    )
    return parser


def run(args: argparse.Namespace, opened: Callable[[], AbstractContextManager[LocalFloor]]) -> int:
    """Write what was asked for; the exit code."""
    from app.workers import payroll
    from app.workers.drawing_apart import drawn_apart

    if args.out is None and args.format != "csv":
        sys.stderr.write(f"firstring: say where the file is to be: --out {args.week}.{args.format}\n")
        return 2
    with opened() as floor:
        if args.freeze:
            floor.do(FreezeWeek(week=args.week))
        if args.format == "pdf":
            rep_id = _rep(floor, args.rep) if args.rep else ""
            content = drawn_apart(floor.ask(FrozenWeek(week=args.week, rep_id=rep_id)).body)
            args.out.write_bytes(content)
            return OK
        table = payroll.rows(floor, args.week)
    if args.out is None:
        sys.stdout.write(payroll.as_csv(table))
        return OK
    payroll.write(table, args.format, args.out)
    return OK


def _rep(floor: LocalFloor, name: str) -> str:
    """The id of whoever is called so. Raises NotFound."""
    wanted = " ".join(name.split()).casefold()
    found = [rep.id for rep in floor.reps() if name == rep.id or rep.name.casefold() == wanted]
    if len(found) != 1:
        raise NotFound(f"{'Nobody' if not found else 'More than one person'} on this floor is called {name}.")
    return found[0]
