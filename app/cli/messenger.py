"""`main.py messenger …`: how this computer sends a floor's text messages and tells a program of the firm's own.

The gateway or address lies in this computer's profile, its secret in the keyring, or in FIRSTRING_SMS_SECRET and
FIRSTRING_WEBHOOK_SECRET where there is none. Exit code 0; what can't be done is an AppError.
"""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from getpass import getpass
from typing import TYPE_CHECKING

from app import secret
from app import settings as profile
from app.address import parted
from app.cli.mail import password_of, person_called
from app.clock import Clock
from app.domain.chain import Way
from app.domain.commands import SetTextNumber
from app.domain.errors import AppError, Refused

if TYPE_CHECKING:
    from app.floor.local import LocalFloor
    from app.settings import Settings

_log = logging.getLogger(__name__)
VARIABLES = {Way.SMS: "FIRSTRING_SMS_SECRET", Way.WEBHOOK: "FIRSTRING_WEBHOOK_SECRET"}


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> list[argparse.ArgumentParser]:
    """Add the command to the program's parser; the parsers of its own commands."""
    parser = subparsers.add_parser(
        "messenger",
        help="have this computer send the floor's text messages, or tell a program of yours",
        description="A step of the chain of escalation that goes by sms or webhook is sent from here.",
    )
    acts = parser.add_subparsers(title="what to do", metavar="WHAT", required=True)
    sms = acts.add_parser(
        "sms",
        help="send text messages by a gateway that takes them over HTTP",
        description="{to}, {text}, {id} and {secret} stand for number, message, its id and the account's secret.",
    )
    sms.add_argument("url", metavar="https://GATEWAY/PATH")
    sms.add_argument("--method", choices=("POST", "GET", "PUT"), default="POST")
    sms.add_argument("--field", action="append", default=[], metavar="NAME=VALUE", help="such as to={to}")
    sms.add_argument("--header", action="append", default=[], metavar="NAME=VALUE")
    sms.add_argument("--json", action="store_true", help="say the fields as JSON instead of as a form")
    sms.add_argument(
        "--login", default="", metavar="NAME", help="a name that goes with the secret (HTTP Basic)"
    )
    sms.add_argument("--expects", default="", metavar="WORD", help="what the answer says if it was taken")
    sms.set_defaults(act="sms")
    hook = acts.add_parser("webhook", help="tell a program of yours, by signed JSON")
    hook.add_argument("url", metavar="https://SERVER/PATH")
    hook.set_defaults(act="webhook")
    off = acts.add_parser("off", help="send no more by one of them from this computer")
    off.add_argument("way", choices=("sms", "webhook"))
    off.set_defaults(act="off")
    to = acts.add_parser("to", help="set where a person gets text messages")
    to.add_argument("name", metavar="NAME")
    to.add_argument("number", metavar="NUMBER", nargs="?", default="", help="left out: the person gets none")
    to.set_defaults(act="to")
    return [sms, hook, off, to]


def start_sending(
    floor: LocalFloor, clock: Clock, settings: Settings, address: str, *, is_alone: bool
) -> list[Callable[[], None]]:
    """Start the senders of mail, text messages and webhooks that this computer has accounts for; what stops them. An
    account that was spoilt by hand costs its messages, not the floor."""
    import platform

    from app.workers.outbox import Outbox, by_mail, by_text, by_webhook

    stops: list[Callable[[], None]] = []
    for way, accounts, made, secret_of in (
        (Way.EMAIL, settings.mail, by_mail, password_of),
        (Way.SMS, settings.sms, by_text, partial(_secret_of, Way.SMS)),
        (Way.WEBHOOK, settings.webhooks, by_webhook, partial(_secret_of, Way.WEBHOOK)),
    ):
        account = accounts.get(address, "")
        if not account:
            continue
        try:
            send = made(account, partial(secret_of, account))
        except AppError as error:
            _log.warning("nothing is sent by %s: %s", way.value, error)
            continue
        sender = Outbox(floor, clock, send, way=way, place=platform.node(), is_alone=is_alone)
        sender.start()
        stops.append(sender.stop)
    return stops


def run(
    args: argparse.Namespace, address: str, opened: Callable[[str], AbstractContextManager[LocalFloor]]
) -> int:
    """Do what was said for the floor at an address, and say so; the exit code."""
    if args.act == "to":
        with opened(address) as floor:
            return _to(args, floor)
    bare = parted(address)[0]
    return {"sms": _sms, "webhook": _webhook, "off": _off}[args.act](args, bare)


def _secret_of(way: Way, account: str) -> str:
    return os.environ.get(VARIABLES[way], "") or secret.look_up(f"{way.value} {account}")


def _sms(args: argparse.Namespace, address: str) -> int:
    from app.messengers.sms import Account, account_of, address_of

    account = address_of(
        Account(
            url=args.url,
            method=args.method,
            fields=tuple(_pair(text) for text in args.field),
            headers=tuple(_pair(text) for text in args.header),
            is_json=args.json,
            login=args.login,
            expects=args.expects,
        )
    )
    account_of(account)
    if (args.login or "{secret}" in account) and not os.environ.get(VARIABLES[Way.SMS]):
        if not sys.stdin.isatty():
            raise Refused(f"Set {VARIABLES[Way.SMS]}, or say this at a terminal.", "No secret")
        _keep(Way.SMS, account, getpass("Secret of the gateway's account: "))
    settings = profile.load()
    settings.sms[address] = account
    settings.save()
    _say("Text messages of this floor are sent from this computer, from when Firstring is next started.")
    return 0


def _webhook(args: argparse.Namespace, address: str) -> int:
    from app.messengers.webhook import account_of

    account_of(args.url)
    if not os.environ.get(VARIABLES[Way.WEBHOOK]):
        made = secrets.token_urlsafe(32)
        _keep(Way.WEBHOOK, args.url, made)
        _say(f"Its secret, which is shown this once: {made}")
    settings = profile.load()
    settings.webhooks[address] = args.url
    settings.save()
    _say("The webhook is told from this computer, from when Firstring is next started.")
    return 0


def _off(args: argparse.Namespace, address: str) -> int:
    settings = profile.load()
    accounts = settings.sms if args.way == "sms" else settings.webhooks
    was = accounts.pop(address, "")
    if was:
        secret.forget(f"{args.way} {was}")
        settings.save()
    _say(f"Nothing of this floor is sent by {args.way} from this computer.")
    return 0


def _to(args: argparse.Namespace, floor: LocalFloor) -> int:
    rep = person_called(floor, args.name)
    floor.do(SetTextNumber(rep_id=rep.id, number=args.number))
    _say(f"{rep.name} gets " + (f"text messages at {args.number}." if args.number else "no text messages."))
    return 0


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name.strip() or not equals:
        raise Refused(f"“{text[:60]}” is not written like NAME=VALUE.", "Not set up")
    return name.strip(), value


def _keep(way: Way, account: str, typed: str) -> None:
    if not secret.keep(f"{way.value} {account}", typed):
        raise Refused(
            f"This computer has no safe keyring. Set {VARIABLES[way]} for Firstring instead.", "Not kept"
        )


def _say(words: str) -> None:
    print(words)  # noqa: T201
