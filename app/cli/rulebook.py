"""`main.py rulebook …`: the rulebook as a file, without a screen: exported, checked, tried on past leads, put in force.

Reading changes nothing and may run beside an open desk. A floor behind a server is reached as this computer's own
desk is. Exit codes: 0 done and well, 1 the rulebook has flaws, 2 wrong use, 3 can't be done here.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from app import settings as profile
from app.cli.audit import day_told
from app.domain.commands import Command, PublishRulebook
from app.domain.errors import NeedsPassword, Refused, Unavailable
from app.domain.flaw import Flaw
from app.domain.lead import Rep
from app.domain.questions import DryRun, Question, RulebookOf, Rulebooks, Tried
from app.domain.rulebook import Rulebook

if TYPE_CHECKING:
    from app.domain.rulebook_diff import Change
    from app.floor.local import LocalFloor

OK, FLAWED = 0, 1
_LONGEST = 4_000_000
"""Bytes of a file that is read."""
R = TypeVar("R")
Opened = Callable[[str], AbstractContextManager["LocalFloor"]]


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> list[argparse.ArgumentParser]:
    """Add the command to the program's parser; the parsers of its own commands."""
    parser = commands.add_parser("rulebook", help="export, check, try and publish the rulebook as a file")
    acts = parser.add_subparsers(title="what to do", metavar="WHAT", required=True)
    export = acts.add_parser("export", help="write the rulebook in force, or an earlier one, as TOML")
    export.add_argument(
        "--version", type=int, default=0, metavar="N", help="an earlier version (the one in force)"
    )
    export.add_argument("--out", type=Path, metavar="FILE", help="a file (the terminal)")
    export.set_defaults(act=_export)
    check = acts.add_parser(
        "check",
        help="say what is wrong with a rulebook, and what it would change",
        description="Say what is wrong with a rulebook, and what it would change. Exit code 1 says that it has flaws.",
    )
    check.set_defaults(act=_check)
    publish = acts.add_parser("publish", help="put a rulebook in force, under the next number")
    publish.add_argument("--yes", action="store_true", help="without asking first")
    publish.set_defaults(act=_publish)
    trial = acts.add_parser(
        "dryrun",
        help="try a rulebook on the leads of a past period, beside the one in force",
        description="Judge and route the leads of a past period once more, by the rulebook in force and by this one. "
        "Nothing is written. A period is a year at most.",
    )
    trial.add_argument(
        "--since", type=day_told, required=True, metavar="DATE", help="from this day, or instant, on"
    )
    trial.add_argument(
        "--until", type=day_told, required=True, metavar="DATE", help="before this day or instant"
    )
    trial.set_defaults(act=_dry_run)
    for one in (check, publish, trial):
        one.add_argument("file", type=Path, metavar="FILE", help="a rulebook as TOML")
    for one in (export, check, publish, trial):
        one.add_argument("--json", action="store_true", help="as JSON")
    return [export, check, publish, trial]


def run(args: argparse.Namespace, address: str, opened: Opened) -> int:
    """Do what was said with the floor at an address; the exit code."""
    act: Callable[[argparse.Namespace, str, Opened], int] = args.act
    return act(args, address, opened)


class Door(NamedTuple):
    """What is needed of a floor."""

    reps: tuple[Rep, ...]
    ask: Callable[[Question[object]], object]
    do: Callable[[Command[object]], object]

    def answer(self, question: Question[R]) -> R:
        return self.ask(question)  # type: ignore[return-value, arg-type]


@contextmanager
def looking(address: str) -> Iterator[Door]:
    """A floor to read from; a file may be open in a desk meanwhile."""
    if profile.is_served(address):
        with _seated(address) as door:
            yield door
        return
    from app.cli.password import reach
    from app.clock import FloorClock
    from app.service.answers import answer
    from app.store.book import Book

    book = Book(reach(address), read_only=True)
    try:
        with book.reading() as reading:
            reps = reading.reps()
        now = FloorClock().now()
        yield Door(reps, lambda question: answer(book, question, "admin", now), _nothing)
    finally:
        book.close()


def _nothing(command: Command[object]) -> object:
    raise Refused("This floor is only looked into.")


@contextmanager
def _seated(address: str) -> Iterator[Door]:
    """A floor behind a server, as this computer's desk."""
    from app.floor.seat import OpenSeat

    try:
        seat = OpenSeat(address)
    except NeedsPassword:
        if not sys.stdin.isatty():
            raise
        from getpass import getpass

        seat = OpenSeat(address, getpass("Passphrase of this desk: "))
    try:
        yield Door(seat.floor.reps(), seat.floor.ask, seat.floor.do)
    finally:
        seat.close()


@contextmanager
def _at_work(address: str, opened: Opened) -> Iterator[Door]:
    """A floor to change."""
    if profile.is_served(address):
        with _seated(address) as door:
            yield door
        return
    with opened(address) as floor:
        yield Door(floor.reps(), floor.ask, floor.do)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _say_json(value: object) -> None:
    from app.codec import pretty

    _say(pretty(value))


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > _LONGEST:
            raise Unavailable(f"{path} is too large to be a rulebook.", "Not read")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Unavailable(f"{path} can't be read: {error.strerror or error}.", "Not read") from error
    except UnicodeDecodeError as error:
        raise Unavailable(f"{path} is no text in UTF-8.", "Not read") from error


def _export(args: argparse.Namespace, address: str, opened: Opened) -> int:
    from app.domain.rulebook_toml import to_toml

    with looking(address) as door:
        if args.version:
            rulebook = door.answer(RulebookOf(version=args.version))
        else:
            rulebook = door.answer(Rulebooks()).live
        reps = door.reps
    if args.json:
        from app.codec import pretty

        text = pretty(rulebook) + "\n"
    else:
        text = to_toml(rulebook, reps)
    if args.out is None:
        sys.stdout.write(text)
        return OK
    try:
        args.out.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise Unavailable(
            f"{args.out} can't be written: {error.strerror or error}.", "Not written"
        ) from error
    _say(f"Rulebook {rulebook.version}, “{rulebook.name}”, is written to {args.out}.")
    return OK


def _flaws(path: Path, reps: tuple[Rep, ...]) -> tuple[Rulebook | None, tuple[Flaw, ...]]:
    """The rulebook of a file, where it can be read, and what is wrong with it."""
    from app.domain.rulebook_check import flaws
    from app.domain.rulebook_toml import from_toml

    text = _read(path)
    try:
        rulebook = from_toml(text, reps)
    except Refused as error:
        return None, (Flaw(section="file", text=error.message),)
    return rulebook, flaws(rulebook, reps)


def _say_flaws(path: Path, found: tuple[Flaw, ...]) -> int:
    for flaw in found:
        _say(f"{path}: {flaw.section}: {flaw.text}")
    return FLAWED


def _say_changes(changes: tuple[Change, ...]) -> None:
    for change in changes:
        _say(f"  {change.text}")


def _check(args: argparse.Namespace, address: str, opened: Opened) -> int:
    from app.domain.rulebook_diff import changes

    with looking(address) as door:
        rulebook, found = _flaws(args.file, door.reps)
        live = door.answer(Rulebooks()).live
        reps = door.reps
    different = changes(live, rulebook, reps) if rulebook is not None else ()
    if args.json:
        _say_json({"flaws": found, "live": live.version, "changes": different})
        return FLAWED if found else OK
    if found:
        return _say_flaws(args.file, found)
    _say(f"{args.file} has no flaw. {_summary(live, len(different))}")
    _say_changes(different)
    return OK


def _summary(live: Rulebook, count: int) -> str:
    if not count:
        return f"It says what rulebook {live.version} says, which is in force."
    return f"It changes rulebook {live.version}, which is in force, in {count} {'places' if count > 1 else 'place'}:"


def _publish(args: argparse.Namespace, address: str, opened: Opened) -> int:
    from app.domain.rulebook_diff import changes

    with looking(address) as door:
        rulebook, found = _flaws(args.file, door.reps)
        live, reps = door.answer(Rulebooks()).live, door.reps
    if rulebook is None or found:
        if args.json:
            _say_json({"flaws": found})
            return FLAWED
        return _say_flaws(args.file, found)
    different = changes(live, rulebook, reps)
    if not args.yes:
        if args.json or not sys.stdin.isatty():
            raise Refused("Say --yes to put it in force without being asked.", "Not published")
        _say(_summary(live, len(different)))
        _say_changes(different)
        if input("Put it in force? [y/N] ").strip().casefold() not in ("y", "yes"):
            _say("It was not put in force.")
            return OK
    with _at_work(address, opened) as door:
        made = door.do(PublishRulebook(rulebook=rulebook)).value  # type: ignore[attr-defined, arg-type]
    if args.json:
        _say_json({"version": int(made.id), "changes": different})
    else:
        _say(f"Rulebook {made.id}, “{rulebook.name}”, is in force.")
    return OK


def _dry_run(args: argparse.Namespace, address: str, opened: Opened) -> int:
    with looking(address) as door:
        rulebook, found = _flaws(args.file, door.reps)
        if rulebook is None or found:
            if args.json:
                _say_json({"flaws": found})
                return FLAWED
            return _say_flaws(args.file, found)
        tried = door.answer(DryRun(rulebook=rulebook, since=args.since, until=args.until))
    if args.json:
        _say_json(tried)
    else:
        _say("\n".join(told(tried)))
    return OK


def told(tried: Tried) -> Iterator[str]:
    """A trial, side by side, in lines for a terminal."""
    live, draft = tried.live, tried.draft
    yield f"{tried.leads:,} leads from {tried.since:%Y-%m-%d %H:%M} until {tried.until:%Y-%m-%d %H:%M} UTC"
    yield ""
    yield f"{'':<28}{f'{live.version} (in force)':>22}{'this one':>22}"
    for one, other in zip(live.tiers, draft.tiers, strict=True):
        yield f"{one.tier.value:<28}{one.leads:>22,}{other.leads:>22,}"
        yield f"{'  called in time':<28}{_share(one.met, one.missed):>22}{_share(other.met, other.missed):>22}"
        yield f"{'  first call after (median)':<28}{_time(one.ttfc_median):>22}{_time(other.ttfc_median):>22}"
    yield f"{'escalated':<28}{live.escalated:>22,}{draft.escalated:>22,}"
    yield f"{'nobody could take':<28}{live.nobody:>22,}{draft.nobody:>22,}"
    loads = {rep.rep_id: rep.leads for rep in draft.reps}
    names = {rep.rep_id: rep.name for rep in (*draft.reps, *live.reps)}
    before = {rep.rep_id: rep.leads for rep in live.reps}
    yield ""
    for rep_id in sorted(names, key=lambda one: -before.get(one, 0)):
        yield f"{names[rep_id]:<28.28}{before.get(rep_id, 0):>22,}{loads.get(rep_id, 0):>22,}"
    yield ""
    yield f"{tried.elsewhere:,} leads would have gone to somebody else."
    for group in tried.unserved:
        yield f"{group.leads:,} leads nobody would have had: {group.why}."
    yield f"Of {tried.recorded:,} decisions that were made then, {tried.reproduced:,} came out the same again."
    yield from (f"  {line}" for line in tried.differing)
    yield from tried.notes


def _share(met: int, missed: int) -> str:
    count = met + missed
    return f"{met / count:.1%} of {count:,}" if count else "–"


def _time(seconds: float | None) -> str:
    from app.domain.durations import say_duration

    return "–" if seconds is None else say_duration(round(seconds))
