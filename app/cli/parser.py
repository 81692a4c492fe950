"""The command line's words. Loaded only when there are any: the plain start needs no parser and has to be fast."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from app import VERSION
from app.cli import audit, floor, import_file, mail, pin, report, rulebook, scorecards
from app.cli import backup as backups
from app.cli import invite as inviting
from app.cli import messenger as messengers
from app.cli import serve as serving
from app.cli import wall_link as hanging

USAGE = 2
"""Exit code of wrong use."""
Run = Callable[[argparse.Namespace], int]


class _Parser(argparse.ArgumentParser):
    """Says in one line what was wrong, instead of the whole usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"{self.prog}: {message}; see {self.prog} --help\n")


def parse(
    argv: Sequence[str],
    *,
    desk: Run,
    demo: Run,
    shot: Run,
    bring: Run,
    doctor: Run,
    backup: Run,
    restore: Run,
    whole: Run,
    post: Run,
    serve: Run,
    invite: Run,
    verify: Run,
    export: Run,
    book: Run,
    scores: Run,
    count: Run,
) -> argparse.Namespace:
    """The words of a command line, with what is to be run for them as `run`; ends the program on wrong use."""
    parser: argparse.ArgumentParser = _Parser(
        prog="firstring", description="Be the first to call back. Without a command the desk opens."
    )
    parser.add_argument("--version", action="version", version=f"Firstring {VERSION}")
    _floor_option(parser)
    parser.set_defaults(run=desk)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    practise = commands.add_parser("demo", help="open a practice floor with invented people; nothing is kept")
    practise.add_argument("--seed", type=int, default=0, help="which invented people, by a number")
    practise.add_argument(
        "--speed", type=_between(0.1, 1000), default=1.0, help="times as fast as life (default 1)"
    )
    practise.set_defaults(run=demo)

    draw = commands.add_parser("shot", help="draw a screen into a PNG file, without a display")
    draw.add_argument(
        "screen", metavar="SCREEN", help="queue, call, review, sources, reports, import, team, settings ..."
    )
    draw.add_argument("--out", required=True, type=Path, metavar="FILE.png")
    draw.add_argument("--theme", choices=("light", "dark"), default="light")
    draw.add_argument("--size", type=_size, default=(1440, 900), metavar="WxH")
    draw.add_argument("--scale", type=_between(0.5, 4), default=1.0, metavar="N")
    draw.add_argument("--floor", default="demo", metavar="demo|PATH|URL")
    draw.set_defaults(run=shot)

    file = import_file.add(commands)
    _floor_option(file)
    file.set_defaults(run=bring)

    taking, putting = backups.add(commands)
    verifying, exporting = audit.add(commands)
    own = ((taking, backup), (putting, restore), (verifying, verify), (exporting, export))
    for parser_of, run in own:
        _floor_option(parser_of)
        parser_of.set_defaults(run=run)
    floor.add(commands).set_defaults(run=whole)
    for parser_of in mail.add(commands):
        _floor_option(parser_of)
        parser_of.set_defaults(run=post, says=mail.run)
    for parser_of in messengers.add(commands):
        _floor_option(parser_of)
        parser_of.set_defaults(run=post, says=messengers.run)
    serving.add(commands).set_defaults(run=serve)

    asked = inviting.add(commands)
    _floor_option(asked)
    asked.set_defaults(run=invite)

    hung = hanging.add(commands)
    _floor_option(hung)
    hung.set_defaults(run=post, says=hanging.run)

    forgotten = pin.add(commands)
    _floor_option(forgotten)
    forgotten.set_defaults(run=pin.run)

    for parser_of in rulebook.add(commands):
        _floor_option(parser_of)
        parser_of.set_defaults(run=book)

    weekly = scorecards.add(commands)
    _floor_option(weekly)
    weekly.set_defaults(run=scores)

    counted = report.add(commands)
    _floor_option(counted)
    counted.set_defaults(run=count)

    examine = commands.add_parser("doctor", help="say how this installation and its floor are")
    examine.add_argument("--json", action="store_true", help="as JSON")
    examine.add_argument(
        "--sbom", action="store_true", help="only what the program is made of, as CycloneDX JSON"
    )
    _floor_option(examine)
    examine.set_defaults(run=doctor)
    return parser.parse_args(argv)


def _floor_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--floor", default="", metavar="PATH|URL", help="a floor's file or postgresql:// address"
    )


def _between(least: float, most: float) -> Callable[[str], float]:
    def number(text: str) -> float:
        value = float(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"between {least:g} and {most:g}")
        return value

    return number


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (
        width.isdigit() and height.isdigit() and 320 <= int(width) <= 8000 and 240 <= int(height) <= 8000
    ):
        raise argparse.ArgumentTypeError("like 1440x900")
    return int(width), int(height)
