"""`main.py audit verify` and `audit export`: the journal's proof, and the journal itself, from a terminal.

Verifying changes nothing and may run beside an open desk. Exporting needs the floor for itself where it is a
file, because it is written into the journal. Exit codes: 0 done and well, 1 the chain does not hold, 2 wrong use,
3 can't be done here.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.journal import Part
from app.domain.questions import Facts, FloorFacts

if TYPE_CHECKING:
    from app.floor.local import LocalFloor

OK, BROKEN = 0, 1


def add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
) -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """Add the command to the program's parser; the parsers of `verify` and `export`."""
    audit = commands.add_parser("audit", help="check the journal's chain, or take the journal away as a file")
    acts = audit.add_subparsers(title="what to do", metavar="WHAT", required=True)
    verify = acts.add_parser(
        "verify",
        help="compute the journal's chain anew",
        description="Compute the chain over the whole journal anew. Exit code 1 says that it does not hold.",
    )
    verify.add_argument("--json", action="store_true", help="as JSON")
    export = acts.add_parser(
        "export",
        help="write the journal into a CSV file; that it was done stands in the journal",
        description="Write the journal into a CSV file. That it was done is an entry of the journal itself.",
    )
    export.add_argument("--out", type=Path, required=True, metavar="FILE")
    export.add_argument(
        "--from", dest="since", type=day_told, metavar="WHEN", help="from this day, or instant, on"
    )
    export.add_argument(
        "--to", dest="until", type=day_told, metavar="WHEN", help="before this day or instant"
    )
    return verify, export


def verify(address: str, *, as_json: bool) -> int:
    """Check the chain and say how it is; the exit code."""
    from app.cli.password import reach
    from app.service.answers import answer
    from app.store.book import Book

    book = Book(reach(address), read_only=True)
    try:
        facts = answer(book, FloorFacts(), "admin")
    finally:
        book.close()
    if as_json:
        said = {
            "floor": facts.floor_id,
            "name": facts.name,
            "holds": facts.chain_holds,
            "fault": facts.chain_fault,
            "events": facts.events,
            "head": facts.head,
            "hash": facts.head_hash,
        }
        print(json.dumps(said, indent=2, ensure_ascii=False))  # noqa: T201
    else:
        print(chain_words(facts))  # noqa: T201
    return OK if facts.chain_holds else BROKEN


def chain_words(facts: Facts) -> str:
    """How the chain is, in two lines."""
    if not facts.chain_holds:
        return f"The chain is broken: {facts.chain_fault}."
    head = f"Head {facts.head}: {facts.head_hash}"
    return f"The chain holds: {facts.events:,} events, each follows on the one before.\n{head}"


def export(args: argparse.Namespace, opened: Callable[[], AbstractContextManager[LocalFloor]]) -> int:
    """Write the file; the exit code."""
    from app.workers.journal_file import write_journal

    with opened() as floor:
        names = {rep.id: rep.name for rep in floor.reps()}
        count = write_journal(floor, Part(since=args.since, until=args.until), args.out.absolute(), names)
    sys.stdout.write(f"{count:,} entries written to {args.out}.\n")
    return OK


def day_told(text: str) -> datetime:
    """A day ("2026-11-22", from its midnight here) or an instant ("2026-11-22T08:00+01:00")."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a day as 2026-11-22, or an instant as 2026-11-22T08:00") from None
    return (at if at.tzinfo is not None else at.astimezone()).astimezone(UTC)
