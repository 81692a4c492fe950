"""`main.py backup`, `backup list` and `restore FILE`: a floor's backups from a terminal or a script.

A backup may be taken beside an open desk. Restoring may not: it says what would be lost, asks, and keeps what
stood in the place. Exit codes: 0 done, 2 wrong use, 3 can't be done here, 130 the person said no.
"""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from app.clock import SystemClock
from app.codec import decode, encode_text
from app.domain.tidy import line
from app.store.backup import Backup, Facts, back_up, back_up_to, backups_in, clear_out, stem_of
from app.store.restore import Loss
from app.workers.backups import Order, backup_folder, carry_out

OK, USAGE, CANCELLED = 0, 2, 130
Parsers = argparse._SubParsersAction


def add(
    commands: Parsers[argparse.ArgumentParser],
) -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """Add both commands to the program's parser."""
    taking = commands.add_parser(
        "backup",
        help="back a floor up, verified by restoring; `backup list` shows what there is",
        description="Back a floor up. It may be open: nobody who works on it waits.",
    )
    taking.add_argument("what", nargs="?", choices=("list",), help="list: show the backups of the floor")
    taking.add_argument(
        "--out", type=Path, metavar="FILE", help="into this file instead of the backups' folder"
    )
    taking.add_argument("--apart", action="store_true", help=argparse.SUPPRESS)
    putting = commands.add_parser(
        "restore",
        help="put a backup in the place of a floor; what stood there is kept",
        description="Put a backup in the place of a floor. What stood there is renamed, and kept.",
    )
    putting.add_argument("file", type=Path, help="the backup")
    putting.add_argument("--yes", action="store_true", help="don't ask")
    return taking, putting


def take(args: argparse.Namespace, address: str) -> int:
    """`main.py backup`; the exit code."""
    if args.apart:
        return _apart()
    folder = backup_folder(address)
    if args.what == "list":
        return _list(address, folder)
    now = SystemClock().now()
    if args.out is not None:
        made: Backup | None = back_up_to(address, args.out.absolute(), now)
    else:
        made = back_up(address, folder, now)
    assert made is not None
    _say(f"{made.path}")
    _say(f"{_what(made.facts)}; {_verified(made.facts)}.")
    if args.out is None:
        clear_out(folder, made.facts.floor_id)
    return OK


def _apart() -> int:
    """Carry out the order on standard input, for an open desk: gently, and said in a line of JSON."""
    if sys.platform != "win32":
        with suppress(OSError):
            os.nice(10)
    done = carry_out(decode(sys.stdin.buffer.read(), Order), SystemClock().now())
    _say(encode_text(done))
    return OK


def _list(address: str, folder: Path) -> int:
    found = backups_in(folder, stem_of(address))
    if not found:
        _say(f"There are no backups of this floor in {folder}.")
    for one in found:
        _say(f"{one.path}  {_when(one.facts.at)}  {size_words(one.facts.size)}  {_what(one.facts)}")
    return OK


def put_back(args: argparse.Namespace, address: str) -> int:
    """`main.py restore`; the exit code."""
    from app.store.restore import examine, loss, restore

    if not args.yes and not sys.stdin.isatty():
        print(  # noqa: T201
            "firstring: Say --yes to restore without being asked, or run this in a terminal.", file=sys.stderr
        )
        return USAGE
    facts = examine(args.file, address)
    _say(f"{args.file.name}: {_what(facts)}, of {_when(facts.at)}.")
    _say(loss_words(loss(address, facts)))
    if not args.yes and not _agrees(f"Restore it to {_shown(address)}?"):
        _say("Nothing was changed.")
        return CANCELLED
    before = restore(args.file, address, SystemClock().now())
    _say(f"Restored: {_shown(address)} is now as it was on {_when(facts.at)}.")
    if before:
        _say(f"What stood there is kept as {before}.")
    return OK


def loss_words(lost: Loss) -> str:
    """What restoring puts aside, in a sentence."""
    if lost.nothing_there:
        return "Nothing stands there yet."
    if lost.unreadable:
        return f"What stands there can't be read ({lost.unreadable.rstrip('.')}); it will be put aside."
    holds = f"{_count(lost.events, 'event')} and {_count(lost.leads, 'lead')}"
    if lost.other_floor:
        return (
            f"Another floor stands there: {line(lost.name)}, with {holds} that are not in this backup. "
            "It will be put aside whole."
        )
    if not lost.events:
        return "The floor that stands there holds nothing that is not in this backup."
    return f"The floor that stands there is newer: {holds} came after this backup and would go with it."


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _what(facts: Facts) -> str:
    name, events = line(facts.floor_name), _count(facts.head, "event")
    return f"{name}, {_count(facts.shown_leads, 'lead')}, {events}"


def _verified(facts: Facts) -> str:
    if facts.restored:
        return "verified by restoring it"
    return "only its contents were listed, since no scratch database may be made here to restore it into"


def _when(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def size_words(size: int) -> str:
    return f"{size / 2**20:,.1f} MB"


def _shown(address: str) -> str:
    """An address without its password."""
    if "@" not in address or "://" not in address:
        return address
    scheme, _, rest = address.partition("://")
    person, _, place = rest.rpartition("@")
    return f"{scheme}://{person.partition(':')[0]}@{place}"


def _agrees(question: str) -> bool:
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


__all__ = ["add", "loss_words", "put_back", "size_words", "take"]
