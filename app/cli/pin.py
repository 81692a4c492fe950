"""`main.py pin remove`: for who forgot the PIN of this desk, and has the account of the computer."""

from __future__ import annotations

import argparse
import sys

from app.address import is_file
from app.cli.which import floor_of
from app.floor.pin import pin_file


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add the command to the program's parser; the parser that takes the floor."""
    parser = subparsers.add_parser(
        "pin",
        help="remove the PIN of this desk",
        description="A forgotten PIN can't be told, only removed. Of a floor in a file nothing else changes; anywhere "
        "else the desk is logged out with it, and has to join anew.",
    )
    removing = parser.add_subparsers(metavar="remove", required=True).add_parser(
        "remove", help="remove it; a desk behind a server or on a database is logged out with it"
    )
    return removing


def run(args: argparse.Namespace) -> int:
    """Remove it; the exit code. Raises Unavailable."""
    from app.workers.leaving import leave

    address = floor_of(args)
    if not pin_file(address).exists():
        sys.stdout.write(f"This desk has no PIN for {address}.\n")
        return 0
    leave(address)
    done = "" if is_file(address) else " The desk is logged out; join again to come back."
    sys.stdout.write(f"The PIN for {address} is removed.{done}\n")
    return 0
