"""Builds the program: the only place that knows all the parts and puts them together.

`main` reads the command line. A floor is opened as a `Session`: its lock, its book, its keeper, its capture
endpoints, closed again in the reverse order. The desk's window opens first and its session behind it, so that
the first paint waits for no database.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

from app import secret
from app import settings as profile
from app.address import is_file, is_postgresql, parted, with_password
from app.cli.display import need_display
from app.cli.helping import work_of
from app.cli.log import keep_log, log_place
from app.cli.which import default_floor, floor_of, hold_file
from app.clock import Clock, FloorClock, SystemClock
from app.domain.errors import AppError
from app.program import own_words
from app.workers.entering import join_floor
from app.workers.founding import new_floor

if TYPE_CHECKING:
    from argparse import Namespace

    from app.floor.floor import Batch, Floor
    from app.floor.local import LocalFloor
    from app.server.capture import CaptureFace
    from app.store.place import FloorLock
    from app.ui.start import Start
    from app.workers.backups import Backups
    from app.workers.keeper import Keeper
    from app.workers.seated import Seated

    Words = SimpleNamespace | Namespace
    """What a command line said; `run` is what it asks for."""

SWITCH_S = 0.0005
"""After so long a thread that works lets another one in. Python's own 5 ms is what a lead would wait at each of the
steps from the endpoint to the screen while anything is painted, and a claim at each of its own beside a report."""
OK, PARTLY, USAGE, CANNOT, CANCELLED = 0, 1, 2, 3, 130
"""Exit codes: done; done with faults; wrong use; can't be done here; stopped by the person."""
FIRST_ANSWERS = 3
"""Times a database is asked for its time before anything goes by it; the quickest answer is believed."""


class Session:
    """An open floor with what works for it on this computer."""

    me = ""
    """Who sits here, where the floor itself says so."""
    seat: profile.Seat | None = None

    def __init__(self, address: str, clock: Clock, lock: FloorLock | None = None) -> None:
        """Open the floor at a file path or a postgresql:// address; raises AppError with a clear sentence.

        `lock` is the file's, where it is held already; from here on it is this session's."""
        self.address = parted(address)[0]
        self.told = address
        """With the password, where one was told."""
        self.clock = clock
        self.capture_url = ""
        self.door: Floor
        self._lock = lock or hold_file(address)
        self._keeper: Keeper | None = None
        self._face: CaptureFace | None = None
        self.backups: Backups | None = None
        self._beginning = threading.Lock()
        self._before: list[Callable[[], None]] = []
        self._after: list[Callable[[], None]] = []
        try:
            from app.floor.local import LocalFloor
            from app.store.book import Book

            self.floor: LocalFloor = LocalFloor(Book(address), clock, "admin")
            if self._lock is None:
                for _ in range(FIRST_ANSWERS):
                    self.floor.hear_time()
        except BaseException:
            self._release()
            raise

    def complete(self) -> Session:
        """The session of a floor that is open."""
        return self

    def sit(self, me: str) -> None:
        """Open the floor's `door` to rep `me`; where it can be away, their work is kept on this computer meanwhile."""
        self.door = self.floor.as_actor(me)
        if self._lock is None:
            from app.floor.offline import OfflineFloor
            from app.store.journal import journal_of

            self.door = OfflineFloor(self.door, journal_of(self.address, me), self.clock, me)
            self.on_close(before=self.door.close)

    def keep(self, rank: int = 0) -> None:
        """Start the keeper of the SLA clocks, who freezes the weeks, and who sends where this computer has an account.
        A server has a higher `rank` than a desk."""
        import platform

        from app.workers.keeper import ALONE, SHARED, Keeper
        from app.workers.weekly import Weekly

        place, is_alone = platform.node(), self._lock is not None
        if is_alone:
            self.floor.answer_apart(own_words())
        self._keeper = Keeper(self.floor, self.clock, ALONE if is_alone else SHARED, place=place, rank=rank)
        self._keeper.start()
        weekly = Weekly(self.floor, self.clock, place=place, is_alone=is_alone)
        weekly.start()
        self._before.append(weekly.stop)
        known = profile.load()
        if any(self.address in accounts for accounts in (known.mail, known.sms, known.webhooks)):
            from app.cli.messenger import start_sending

            self._before += start_sending(self.floor, self.clock, known, self.address, is_alone=is_alone)

    def back_up(self) -> Backups | None:
        """Start the hourly backups, once: of a file, and of a shared database where this computer was asked to.
        On any thread; the opener's and a person's hand may come at once."""
        from app.workers.backups import Backups

        with self._beginning:
            copies = profile.load().copies
            if self.backups is None and (is_file(self.address) or self.address in copies):
                self.backups = Backups(self.floor, self.told, SystemClock())
                self.backups.copies = copies.get(self.address, "")
                self.backups.start()
            return self.backups

    def serve_capture(self, port: int) -> str:
        """Serve the capture endpoints on this computer; their address. 0 takes any free port."""
        from app.server.capture import CaptureFace

        face = CaptureFace(self.floor.as_actor("capture"), self.clock, port=port)
        face.start()
        self._face = face
        self.capture_url = face.url
        return face.url

    def on_close(
        self, before: Callable[[], None] | None = None, after: Callable[[], None] | None = None
    ) -> None:
        """Have something done before the floor is closed, or after."""
        if before is not None:
            self._before.append(before)
        if after is not None:
            self._after.append(after)

    def close(self) -> None:
        while self._before:
            self._before.pop()()
        if self.backups is not None:
            self.backups.stop()
        if self._face is not None:
            self._face.stop()
        if self._keeper is not None:
            self._keeper.stop()
        self.floor.close()
        self._release()

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()
        while self._after:
            self._after.pop()()


class DeskSession:
    """A floor as a desk opens it: shown from a first look, and a `Session` as soon as more is needed."""

    me = ""
    seat: profile.Seat | None = None

    def __init__(self, address: str, clock: Clock, lock: FloorLock, first: Batch) -> None:
        from app.floor.opening import Opening, OpeningFloor

        self.address = self.told = address
        self.clock = clock
        self.capture_url = ""
        self._lock = lock
        self._session: Session | None = None
        self._opening = Opening(first, self._open)
        self.floor = OpeningFloor(self._opening, "admin")
        self.door: Floor

    def sit(self, me: str) -> None:
        """Open the floor's `door` to rep `me`."""
        self.door = self.floor.as_actor(me)

    def _open(self) -> LocalFloor:
        self._lock.take()
        session = Session(self.address, self.clock, self._lock)
        session.keep()
        self._session = session
        return session.floor

    def complete(self) -> Session:
        """The session of the floor, opened if it is not; raises AppError."""
        self._opening.floor()
        assert self._session is not None
        return self._session

    def close(self) -> None:
        self.floor.close()
        if self._session is not None:
            self._session.close()
        self._lock.release()


def practice_session(seed: int, speed: float) -> tuple[Session, str]:
    """A sample floor with its life running, and the rep who sits here; it goes when the session is closed."""
    import shutil
    import tempfile

    from app.workers.practice import Practice

    folder = Path(tempfile.mkdtemp(prefix="firstring-practice-"))
    try:
        address = str(folder / "practice.floor")
        clock = FloorClock(speed=speed)
        practice = Practice(address, seed=seed)
        practice.prepare(clock.now())
        session = Session(address, clock)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    session.on_close(before=practice.stop, after=lambda: shutil.rmtree(folder, ignore_errors=True))
    session.keep()
    practice.live(session.floor, clock, session.serve_capture(0))
    return session, practice.me


@contextmanager
def opened(address: str) -> Iterator[LocalFloor]:
    """A floor for one command of the terminal."""
    from app.cli.password import reach

    session = Session(reach(address), FloorClock())
    try:
        yield session.floor
    finally:
        session.close()


def _words(argv: Sequence[str]) -> Words:
    if not argv:
        return SimpleNamespace(floor="", run=_desk)
    from app.cli import audit, report, rulebook, scorecards
    from app.cli.parser import parse

    return parse(
        argv, desk=_desk, demo=_demo, shot=_shot, bring=_import, doctor=_doctor, backup=_backup, restore=_restore,
        whole=_whole, serve=_serve, invite=_invite, export=_export,
        verify=lambda args: audit.verify(floor_of(args), as_json=args.json),
        post=lambda args: args.says(args, floor_of(args), opened),
        book=lambda args: rulebook.run(args, floor_of(args), opened),
        scores=lambda args: scorecards.run(args, lambda: opened(floor_of(args))),
        count=lambda args: report.run(args, floor_of(args)),
    )  # fmt: skip


def main(argv: Sequence[str]) -> int:
    """Run a command line; the exit code."""
    sys.setswitchinterval(SWITCH_S)
    work = work_of(argv)
    if work is not None:
        return work()
    try:
        args = _words(argv)
        keep_log(log_place(args.run not in (_demo, _shot)))
        code: int = args.run(args)
        return code
    except AppError as error:
        print(f"firstring: {error.message}", file=sys.stderr)  # noqa: T201
        return CANNOT
    except KeyboardInterrupt:
        return CANCELLED


def _start() -> Start:
    need_display()
    from app.ui.start import Start

    return Start(open_floor, practice_session, new_floor, join_floor, default_floor())


def _desk(args: Words) -> int:
    return _start().run(args.floor)


def open_floor(address: str) -> Session | DeskSession | Seated:
    """A floor for a desk, with its keeper once it is open; the capture endpoints follow once the desk is usable. Of
    a floor that was joined through a server, the server has all that.

    Raises NeedsPassword where a shared database asks for one that is neither in the address nor kept here. One
    that came with the address and was taken is kept in the keyring, where there is a good one.
    """
    if profile.is_served(address):
        from app.workers.seated import Seated

        return Seated(address)
    clock = FloorClock()
    lock = hold_file(address)
    if lock is not None:
        from app.floor.snapshot import first_look

        try:
            first = first_look(Path(address), clock)
        except BaseException:
            lock.release()
            raise
        if first is not None:
            return DeskSession(address, clock, lock, first)
    bare, told = parted(address)
    password = told or (secret.look_up(bare) if is_postgresql(bare) else "")
    session = Session(with_password(bare, password), clock, lock)
    if told:
        secret.keep(bare, told)
    session.keep()
    return session


def _demo(args: Words) -> int:
    return _start().run(practice=(args.seed, args.speed))


def _shot(args: Words) -> int:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["FIRSTRING_TOASTS"] = "inapp"  # a picture of a ringing lead must not ring on this desktop
    if args.scale != 1:
        os.environ["QT_SCALE_FACTOR"] = str(args.scale)
    from app.ui.shot import be_there, take

    if args.floor == "demo":
        be_there()
    take(args.screen, args.out, theme_name=args.theme, size=args.size, floor=args.floor)
    return OK


def _import(args: Words) -> int:
    from app.cli import import_file

    return import_file.run(args, lambda: opened(floor_of(args)))  # type: ignore[arg-type]


def _backup(args: Words) -> int:
    from app.cli import backup
    from app.cli.password import reach

    return backup.take(args, "" if args.apart else reach(floor_of(args)))  # type: ignore[arg-type]


def _restore(args: Words) -> int:
    from app.cli import backup

    return backup.put_back(args, floor_of(args))  # type: ignore[arg-type]


def _export(args: Words) -> int:
    from app.cli import audit

    return audit.export(args, lambda: opened(floor_of(args)))  # type: ignore[arg-type]


def _whole(args: Words) -> int:
    from app.cli import floor

    return floor.run(args, new_floor, floor_of)  # type: ignore[arg-type]


def _serve(args: Words) -> int:
    from app.cli import serve
    from app.cli.password import reach

    return serve.run(args, lambda: Session(reach(floor_of(args)), FloorClock()))  # type: ignore[arg-type]


def _invite(args: Words) -> int:
    from app.cli import invite

    address = floor_of(args)
    return invite.run(args, address, lambda: opened(address))  # type: ignore[arg-type]


def _doctor(args: Words) -> int:
    from app.cli.doctor import run

    return run("" if args.sbom else floor_of(args), as_json=args.json, sbom=args.sbom)
