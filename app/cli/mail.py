"""`main.py mail …`: by which account this computer sends a floor's mail, and where people get it.

The account lies in this computer's profile, its password in the keyring, or in FIRSTRING_MAIL_PASSWORD where
there is none. Exit code 0; what can't be done is an AppError.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from getpass import getpass
from typing import TYPE_CHECKING

from app import secret
from app import settings as profile
from app.address import parted
from app.clock import Clock
from app.domain.commands import SetMailAddress
from app.domain.errors import AppError, NotFound, Refused

if TYPE_CHECKING:
    from app.floor.local import LocalFloor

_log = logging.getLogger(__name__)
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


def start_sending(floor: LocalFloor, clock: Clock, account: str, *, is_alone: bool) -> Callable[[], None]:
    """Start the sender of a floor's mail by an account; what stops it. One that was spoilt by hand costs the mail,
    not the floor."""
    import platform

    from app.workers.outbox import Outbox, by_mail

    try:
        send = by_mail(account, lambda: password_of(account))
    except AppError as error:
        _log.warning("no mail is sent: %s", error)
        return lambda: None
    sender = Outbox(floor, clock, send, place=platform.node(), is_alone=is_alone)
    sender.start()
    return sender.stop


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
    wanted = args.name.strip().casefold()
    found = [rep for rep in floor.reps() if rep.active and rep.name.casefold() == wanted]
    if len(found) != 1:
        raise NotFound(
            f"{len(found) or 'Nobody'} on this floor {'are' if found else 'is'} called {args.name}.",
            "Not changed",
        )
    floor.do(SetMailAddress(rep_id=found[0].id, address=args.to))
    print(f"{found[0].name} gets mail at {args.to}." if args.to else f"{found[0].name} gets no mail.")  # noqa: T201
    return 0
