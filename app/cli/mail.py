"""`main.py mail …`: by which account this computer sends a floor's mail, and where people get it.

The account lies in this computer's profile, its password in the keyring, or in FIRSTRING_MAIL_PASSWORD where
there is none. Exit code 0; what can't be done is an AppError.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from getpass import getpass
from typing import TYPE_CHECKING

from app import secret
from app import settings as profile
from app.address import parted
from app.domain.commands import SetMailAddress
from app.domain.errors import NotFound, Refused

if TYPE_CHECKING:
    from app.domain.lead import Rep
    from app.floor.local import LocalFloor

VARIABLE = "FIRSTRING_MAIL_PASSWORD"


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> list[argparse.ArgumentParser]:
    """Add the command to the program's parser; the parsers of its own commands."""
    parser = subparsers.add_parser(
        "mail",
        help="have this computer send the floor's mail, and say where people get it",
        description="Whom the chain of escalation tells of a late lead is written to as well, if they have an address.",
    )
    acts = parser.add_subparsers(title="what to do", metavar="WHAT", required=True)
    by = acts.add_parser("by", help="send the floor's mail from this computer, by an account")
    by.add_argument("account", metavar="smtps://LOGIN@SERVER:465?from=ADDRESS")
    by.set_defaults(act="by")
    off = acts.add_parser("off", help="send no mail from this computer")
    off.set_defaults(act="off")
    to = acts.add_parser("to", help="set where a person gets mail")
    to.add_argument("name", metavar="NAME")
    to.add_argument("to", metavar="ADDRESS", nargs="?", default="", help="left out: the person gets none")
    to.set_defaults(act="to")
    return [by, off, to]


def password_of(account: str) -> str:
    """The password of an account, from the environment or the keyring; "" when there is none."""
    return os.environ.get(VARIABLE, "") or secret.look_up(f"mail {account}")


def person_called(floor: LocalFloor, name: str) -> Rep:
    """The one active person of a name; raises NotFound where there is none, or several."""
    wanted = name.strip().casefold()
    found = [rep for rep in floor.reps() if rep.active and rep.name.casefold() == wanted]
    if len(found) != 1:
        called = f"{len(found) or 'Nobody'} on this floor {'are' if found else 'is'} called {name}."
        raise NotFound(called, "Not changed")
    return found[0]


def run(
    args: argparse.Namespace, address: str, opened: Callable[[str], AbstractContextManager[LocalFloor]]
) -> int:
    """Do what was said for the floor at an address, and say so; the exit code."""
    if args.act == "to":
        with opened(address) as floor:
            return _to(args, floor)
    bare = parted(address)[0]
    return _by(args, bare) if args.act == "by" else _off(bare)


def _by(args: argparse.Namespace, address: str) -> int:
    from app.messengers.email_ import account_of

    account = account_of(args.account)
    if account.login and not os.environ.get(VARIABLE):
        if not sys.stdin.isatty():
            raise Refused(f"Set {VARIABLE}, or say this at a terminal.", "No password")
        typed = getpass(f"Password of {account.login} at {account.server}: ")
        if not secret.keep(f"mail {args.account}", typed):
            raise Refused(
                f"This computer has no safe keyring. Set {VARIABLE} for Firstring instead.", "Not kept"
            )
    settings = profile.load()
    settings.mail[address] = args.account
    settings.save()
    print(  # noqa: T201
        f"Mail of this floor is sent from this computer, by {account.server}, from when Firstring is next started."
    )
    return 0


def _off(address: str) -> int:
    settings = profile.load()
    was = settings.mail.pop(address, "")
    if was:
        secret.forget(f"mail {was}")
        settings.save()
    print("No mail of this floor is sent from this computer.")  # noqa: T201
    return 0


def _to(args: argparse.Namespace, floor: LocalFloor) -> int:
    rep = person_called(floor, args.name)
    floor.do(SetMailAddress(rep_id=rep.id, address=args.to))
    print(f"{rep.name} gets mail at {args.to}." if args.to else f"{rep.name} gets no mail.")  # noqa: T201
    return 0
