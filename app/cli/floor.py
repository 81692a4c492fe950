"""`main.py floor …`: what an admin does to a whole floor, and to the logins of a shared one.

Nothing here happens by itself: a floor is made, brought forward, moved, and given logins by somebody who says
so. A password is never printed but once, when it is made.
"""

from __future__ import annotations

import argparse
import getpass
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app import settings as profile
from app.address import is_file, parted, with_login
from app.cli.password import reach
from app.clock import SystemClock
from app.domain.commands import AddRep
from app.domain.errors import NotFound, Refused
from app.domain.lead import Rep, Role

if TYPE_CHECKING:
    from app.floor.local import LocalFloor
    from app.store.book import Book

NewFloor = Callable[[str, str, str, str], str]
"""(address, floor name, owner's name, country) to the id of its owner."""
FloorOf = Callable[[argparse.Namespace], str]


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add the command and its own commands to the program's parser."""
    parser = subparsers.add_parser(
        "floor",
        help="make, upgrade or move a floor, and give people logins of a shared one",
        description="What an admin does to a whole floor.",
    )
    acts = parser.add_subparsers(title="what to do", metavar="WHAT", required=True)
    create = acts.add_parser(
        "create",
        help="make a floor in an empty database or a new file",
        description="Make a floor in an empty PostgreSQL database, or a new file. One that holds anything is refused.",
    )
    create.add_argument("address", metavar="URL|PATH", help="postgresql://login@computer/database, or a file")
    create.add_argument("--name", default="Sales floor", help="of the floor (Sales floor)")
    create.add_argument("--owner", default="", help="the first person, who owns the floor (your login here)")
    create.add_argument("--country", default="US", metavar="XX", help="of phone numbers without one (US)")
    create.set_defaults(act=_create)

    upgrade = acts.add_parser(
        "upgrade",
        help="bring a floor's schema to this program's",
        description="Bring a floor's schema to this program's. Desks of an older program go on working.",
    )
    upgrade.add_argument("address", metavar="URL|PATH")
    upgrade.set_defaults(act=_upgrade)

    move = acts.add_parser(
        "move",
        help="copy a whole floor to an empty database or a new file, and prove that it is the same",
        description="Copy a whole floor, from a file to PostgreSQL or back. It is one transaction at the target, "
        "checked row by row before it counts; the source is locked against writers meanwhile and left as it was. "
        "Broken off, the same words begin again.",
    )
    move.add_argument("source", metavar="FROM")
    move.add_argument("target", metavar="TO")
    move.set_defaults(act=_move)

    person = acts.add_parser("person", help="logins of a shared floor: one a person")
    whats = person.add_subparsers(title="what to do", metavar="WHAT", required=True)
    new = whats.add_parser("add", help="make a login role for a person, who is added if need be")
    new.add_argument("name", metavar="NAME")
    new.add_argument("--login", required=True, help="small letters, digits, dots, dashes")
    new.add_argument("--role", choices=[role.value for role in Role], default=Role.REP.value)
    new.set_defaults(act=_person_add)
    gone = whats.add_parser("remove", help="take a login away, at once and for open desks too")
    gone.add_argument("--login", required=True)
    gone.set_defaults(act=_person_remove)
    everybody = whats.add_parser("list", help="say who has which login")
    everybody.set_defaults(act=_person_list)
    for which in (new, gone, everybody):
        which.add_argument("--floor", default="", metavar="URL", help="the floor (the one opened last)")
    return parser


def run(args: argparse.Namespace, new_floor: NewFloor, floor_of: FloorOf) -> int:
    """Carry the command out; the exit code."""
    args.new_floor, args.floor_of = new_floor, floor_of
    code: int = args.act(args)
    return code


def _say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _create(args: argparse.Namespace) -> int:
    address = reach(_place(args.address))
    owner = args.owner or getpass.getuser()
    country = args.country.upper()
    if len(country) != 2 or not country.isalpha():
        raise Refused("A country is two letters, as in US or DE.", "No country")
    me = args.new_floor(address, args.name, owner, country)
    bare = parted(address)[0]
    settings = profile.load()
    settings.me[bare] = me
    settings.save()
    _say(f"“{args.name}” is made; {owner} owns it.")
    if is_file(bare):
        return 0
    _say(f"Open it with: firstring --floor '{bare}'")
    _say(f"Give people logins with: firstring floor person add 'Ann Lee' --login ann --floor '{bare}'")
    return 0


def _upgrade(args: argparse.Namespace) -> int:
    from app.store.upgrading import upgrade_floor

    before, now = upgrade_floor(reach(_place(args.address)))
    old, new = (".".join(map(str, version)) for version in (before, now))
    _say(
        f"The floor's schema is {new}, as it was."
        if old == new
        else f"The floor's schema was {old} and is {new}."
    )
    return 0


def _move(args: argparse.Namespace) -> int:
    from app.store.moving import Moving, move_floor

    source, target = reach(_place(args.source)), reach(_place(args.target))
    told = -1

    def tell(at: Moving) -> None:
        nonlocal told
        half = 0 if at.step == "copying" else 50
        share = half + 50 * at.done // max(1, at.rows)
        if share // 5 > told or sys.stdout.isatty():
            told = share // 5
            line = f"{share:3d} %  {at.step} {at.table}, {at.done:,} of {at.rows:,} rows"
            sys.stdout.write(f"\r{line:<70}" if sys.stdout.isatty() else line + "\n")
            sys.stdout.flush()

    try:
        moved = move_floor(source, target, tell)
    finally:
        if sys.stdout.isatty() and told >= 0:
            _say()
    for name, rows in moved.rows:
        if rows:
            _say(f"  {rows:>10,}  {name}")
    _say(f"All is there and the same: {moved.events:,} events, chained up to {moved.head[:16] or 'nothing'}.")
    if moved.people:
        _say(moved.people)
    _say(f"{parted(source)[0]} was left as it was. Work goes on at {parted(target)[0]} from now on.")
    _follow(parted(source)[0], parted(target)[0])
    return 0


def _follow(source: str, target: str) -> None:
    """This computer's desk goes along with its floor."""
    settings = profile.load()
    if source in settings.me:
        settings.me[target] = settings.me[source]
    if settings.last_floor == source:
        settings.last_floor = target
        _say("The desk of this computer opens it there.")
    settings.save()


def _place(address: str) -> str:
    return str(Path(address).expanduser().resolve()) if is_file(address) else address


# people


@contextmanager
def _shared(args: argparse.Namespace) -> Iterator[tuple[str, Book]]:
    """(the address without a password, the book) of a shared floor; raises Refused for a file."""
    address = args.floor_of(args)
    if is_file(address):
        raise Refused(
            "Only a shared floor has logins. Name one with --floor and its postgresql:// address.",
            "Not a shared floor",
        )
    from app.store.book import Book

    reached = reach(address)
    book = Book(reached)
    try:
        yield parted(reached)[0], book
    finally:
        book.close()


def _person_add(args: argparse.Namespace) -> int:
    from app.floor.local import LocalFloor
    from app.store import grants

    grants.check_login(args.login)
    with _shared(args) as (bare, book):
        clock = SystemClock()
        floor = LocalFloor(book, clock, "admin")
        rep, is_new = _named(floor, args.name), False
        if rep is None:
            rep_id, is_new = floor.do(AddRep(name=args.name, role=Role(args.role))).value.id, True
        else:
            rep_id = rep.id
        password = secrets.token_urlsafe(15)
        book.change_logins(lambda db: grants.add_person(db, args.login, rep_id, password, clock.now()))
        _say(f"{args.name} has the login {args.login}" + (", and is new on the floor." if is_new else "."))
        _say(f"  address   {with_login(bare, args.login)}")
        _say(f"  password  {password}")
        _say("The password is shown this once. On their computer: Join my team’s floor, and this address.")
    return 0


def _named(floor: LocalFloor, name: str) -> Rep | None:
    """The active rep of a name; raises Refused when several have it."""
    wanted = " ".join(name.split()).casefold()
    found = [rep for rep in floor.reps() if rep.active and rep.name.casefold() == wanted]
    if len(found) > 1:
        raise Refused(
            f"There are {len(found)} people called {name} on this floor. Rename one first.", "Not added"
        )
    return found[0] if found else None


def _person_remove(args: argparse.Namespace) -> int:
    from app.store import grants

    with _shared(args) as (_, book):
        book.change_logins(lambda db: grants.remove_person(db, args.login))
    _say(f"The login {args.login} is gone. What was done by it stays in the journal.")
    return 0


def _person_list(args: argparse.Namespace) -> int:
    with _shared(args) as (_, book), book.reading() as reading:
        names = {rep.id: rep.name for rep in reading.reps()}
        logins = reading.logins()
    if not logins:
        raise NotFound("Nobody has a login of their own on this floor yet.", "No logins")
    width = max(map(len, logins))
    for login, rep_id in logins.items():
        _say(f"{login:<{width}}  {names.get(rep_id, rep_id)}")
    return 0
